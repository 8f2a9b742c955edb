import { type Env, env } from "@/lib/platform/runtime/env";

/** Where mail goes: to a server, into the outbox folder where the office can read it (demo), or nowhere. */
export type MailMode = "smtp" | "folder" | "off";

type MailConfig = Pick<Env, "SMTP_URL" | "CAMPUS_DEMO">;

/** The mode of this installation: `SMTP_URL`, else the folder with the demo school, else none. */
export function mailMode({ SMTP_URL, CAMPUS_DEMO }: MailConfig = env()): MailMode {
  if (SMTP_URL !== undefined) return "smtp";
  return CAMPUS_DEMO === true ? "folder" : "off";
}

/** Whether anything can be mailed here; without it nobody is asked about e-mail. */
export function canMail(config: MailConfig = env()): boolean {
  return mailMode(config) !== "off";
}
