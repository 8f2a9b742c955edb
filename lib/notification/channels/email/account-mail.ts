import type { AccountNotice } from "@/lib/identity/credentials/notices";
import { db, type Db } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import { log } from "@/lib/platform/runtime/log";
import { phrases } from "../../kinds/phrases";
import { mailMode } from "./mail-mode";
import { accountMessage } from "./message";
import type { MailTransport } from "./transport";

/** A mail about somebody's own account. */
export type AccountMail = {
  /** The same each time it is tried, so that a mail program shows a repeat once. */
  id: string;
  userId: string;
  what: AccountNotice["what"] | "newEmail" | "emailChanged" | "reset" | "invitation";
  /** Path of the page that it leads to. */
  path: string;
  values?: Record<string, number>;
  /** Another address than the account's: one that is to be confirmed, or was replaced. */
  to?: string;
};

/**
 * Where links in mails about accounts lead: PUBLIC_URL, or this machine for mails that are only kept. Null where no such
 * mail can be sent. Never the host of a request, which its sender chooses.
 */
export function accountMailUrl(): string | null {
  const { PUBLIC_URL, PORT } = env();
  const mode = mailMode();
  if (mode === "off") return null;
  return PUBLIC_URL ?? (mode === "folder" ? `http://localhost:${PORT}` : null);
}

/**
 * Sends a mail about an account to its address as it is now; nothing when the account has ended. Throws when it may be
 * sent later; what the mail server refuses for good is logged, without the address.
 */
export async function sendAccountMail(mail: AccountMail, transport: MailTransport, client: Db = db()): Promise<void> {
  const { id, userId, what, path, values = {} } = mail;
  const user = await client.user.findFirst({
    where: { id: userId, active: true },
    select: { email: true, locale: true, schoolId: true, school: { select: { name: true, locale: true } } },
  });
  if (!user) return;
  const locale = user.locale ?? user.school.locale;
  const t = phrases(locale);
  const publicUrl = accountMailUrl();
  const content = accountMessage(locale, {
    schoolName: user.school.name,
    subject: t(`mail.account.${what}.subject`, { school: user.school.name }),
    title: t(`mail.account.${what}.title`),
    body: t(`mail.account.${what}.body`, values),
    href: publicUrl === null ? null : new URL(path, publicUrl).href,
    open: t(`mail.account.${what}.open`),
  });
  const to = { id, schoolId: user.schoolId, to: mail.to ?? user.email, unsubscribeUrl: null };
  const result = await transport.send({ ...content, ...to });
  if (result.kind === "accepted") return;
  const isForGood = result.kind === "answered" && result.status >= 500 && !result.isLogin;
  const reason = result.kind === "answered" ? `smtp_${result.status}` : result.reason;
  if (!isForGood) throw new Error(`a mail about an account was not sent: ${reason}`);
  log().error({ reason, userId, what }, "a mail about an account is refused");
}
