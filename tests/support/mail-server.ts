// A mail server that takes what is sent to it, or refuses it as it is told to.
import { SMTPServer } from "smtp-server";

export type ReceivedMail = { to: string; raw: string; headers: Record<string, string>; text: string; html: string };
type Refusal = { status: number; text: string };

/** Listens on the loopback once started; every mail it took is in `received`. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  private readonly recipients: Refusal[] = [];
  private readonly messages: Refusal[] = [];
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    onRcptTo: (_address, _session, answer) => answer(errorOf(this.recipients.shift())),
    onData: (stream, session, answer) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const refusal = errorOf(this.messages.shift());
        if (!refusal) this.received.push(mailOf(Buffer.concat(chunks).toString(), session.envelope.rcptTo[0]?.address));
        answer(refusal);
      });
    },
  });

  start(): Promise<this> {
    return new Promise((resolve) => this.server.listen(0, "127.0.0.1", () => resolve(this)));
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(resolve));
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.server.server.address().port}`;
  }

  /** The next recipients are refused with these statuses, one each. */
  refuseRecipients(...statuses: number[]): void {
    this.recipients.push(...statuses.map((status) => ({ status, text: "no such mailbox here" })));
  }

  /** The next messages are refused with these statuses, one each. */
  refuseMessages(...statuses: number[]): void {
    this.messages.push(...statuses.map((status) => ({ status, text: "not now" })));
  }

  to(address: string): ReceivedMail[] {
    return this.received.filter((mail) => mail.to === address);
  }
}

function errorOf(refusal: Refusal | undefined): Error | null {
  return refusal ? Object.assign(new Error(refusal.text), { responseCode: refusal.status }) : null;
}

function mailOf(raw: string, to = ""): ReceivedMail {
  const [head = "", ...rest] = raw.split("\r\n\r\n");
  const headers = Object.fromEntries(
    head
      .replace(/\r\n[ \t]+/g, " ")
      .split("\r\n")
      .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), decodedWords(line.slice(line.indexOf(":") + 2))]),
  );
  const boundary = /boundary="([^"]+)"/.exec(headers["content-type"] ?? "")?.[1] ?? "";
  const parts = rest.join("\r\n\r\n").split(`--${boundary}`);
  const part = (type: string) => {
    const found = parts.find((each) => each.toLowerCase().includes(`content-type: ${type}`)) ?? "";
    const body = found.slice(found.indexOf("\r\n\r\n") + 4).trimEnd();
    if (/content-transfer-encoding: base64/i.test(found)) return Buffer.from(body, "base64").toString();
    return /content-transfer-encoding: quoted-printable/i.test(found) ? decodedLines(body) : body;
  };
  return { to, raw, headers, text: part("text/plain").replaceAll("\r\n", "\n"), html: part("text/html") };
}

/** RFC 2047, as far as nodemailer writes it. */
function decodedWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi, (_all, kind: string, text: string) =>
      kind.toUpperCase() === "B" ? Buffer.from(text, "base64").toString() : decodedLines(text.replaceAll("_", " ")),
    );
}

/** RFC 2045 §6.7. */
function decodedLines(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString();
}
