import path from "node:path";
import nodemailer from "nodemailer";
import { env } from "@/lib/platform/runtime/env";
import { log } from "@/lib/platform/runtime/log";
import { keepMail } from "./outbox-folder";
import type { MailContent } from "./message";
import { mailMode } from "./mail-mode";
import type { MailResult } from "./send-outcome";

/** A mail on its way; `id` is the same each time it is tried, so that a mail program shows a repeat once. */
export type OutgoingMail = MailContent & { id: string; schoolId: string; to: string; unsubscribeUrl: string | null };
export type MailTransport = { send(mail: OutgoingMail): Promise<MailResult>; close(): void };

const CONNECT_MS = 10_000;
const SILENCE_MS = 20_000;

/** Sends to `smtpUrl` through a few connections that are kept open. */
export function smtpTransport(smtpUrl: string, from: string): MailTransport {
  const url = new URL(smtpUrl);
  const settings = { pool: "true", maxConnections: "4", connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS };
  for (const [name, value] of Object.entries({ ...settings, greetingTimeout: CONNECT_MS, dnsTimeout: CONNECT_MS }))
    if (!url.searchParams.has(name)) url.searchParams.set(name, String(value));
  const transporter = nodemailer.createTransport(url.href);
  return {
    async send(mail) {
      try {
        await transporter.sendMail(messageOf(mail, from));
        return { kind: "accepted" };
      } catch (error) {
        return failureOf(error);
      }
    },
    close: () => transporter.close(),
  };
}

/** Keeps each mail as a file in `folder`. */
export function folderTransport(folder: string, from: string): MailTransport {
  const transporter = nodemailer.createTransport({ streamTransport: true, buffer: true });
  return {
    async send(mail) {
      const { message } = await transporter.sendMail(messageOf(mail, from));
      const { id, schoolId, to, subject, text } = mail;
      const at = new Date().toISOString();
      await keepMail(folder, { id, schoolId, at, to, subject, text }, message ?? Buffer.alloc(0));
      return { kind: "accepted" };
    },
    close: () => transporter.close(),
  };
}

/** The transport of this installation; null where nothing is mailed. */
export function mailTransport(): MailTransport | null {
  const { SMTP_URL, CAMPUS_DATA_DIR } = env();
  switch (mailMode()) {
    case "smtp":
      if (env().PUBLIC_URL === undefined) log().warn("PUBLIC_URL is not set: mails have no links");
      return smtpTransport(SMTP_URL ?? "", mailFrom());
    case "folder":
      return folderTransport(outboxFolder(CAMPUS_DATA_DIR), mailFrom());
    case "off":
      return null;
  }
}

/** Where mail is kept without a mail server. */
export function outboxFolder(dataDir: string): string {
  return path.join(dataDir, "outbox");
}

/** Who mails come from: MAIL_FROM, else nobody at the host of this site. */
function mailFrom(): string {
  const { MAIL_FROM, PUBLIC_URL } = env();
  return MAIL_FROM ?? `CampusOS <no-reply@${PUBLIC_URL ? new URL(PUBLIC_URL).hostname : "localhost"}>`;
}

function messageOf(mail: OutgoingMail, from: string) {
  const { id, to, subject, text, html, unsubscribeUrl } = mail;
  const domain = /@([^@>]+)>?$/.exec(from)?.[1] ?? "localhost";
  return {
    from,
    to: { name: "", address: to }, // one address, whatever it looks like: a text could be read as several
    subject,
    text,
    html,
    messageId: `<${id}@${domain}>`,
    headers: {
      "Auto-Submitted": "auto-generated",
      // One press in the mail program, without opening a page (RFC 8058); left out where nobody could reach it.
      ...(unsubscribeUrl === null
        ? {}
        : { "List-Unsubscribe": `<${unsubscribeUrl}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" }),
    },
  };
}

function failureOf(error: unknown): MailResult {
  const field = (name: string): unknown =>
    typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined;
  const [status, command, code] = [field("responseCode"), field("command"), field("code")];
  if (typeof status !== "number") return { kind: "failed", reason: typeof code === "string" ? code : "unknown" };
  return { kind: "answered", status, isAboutAddress: command === "RCPT TO", isLogin: code === "EAUTH" };
}
