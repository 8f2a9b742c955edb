import { type Decision as PushDecision, again } from "../again";

/** What became of one attempt to hand a mail to the mail server. */
export type MailResult =
  | { kind: "accepted" }
  /** The server answered with an SMTP status (RFC 5321 §4.2). */
  | { kind: "answered"; status: number; isAboutAddress: boolean; isLogin: boolean }
  /** No answer: time-out, reset, refused connection, name not found. */
  | { kind: "failed"; reason: string };

export type MailDecision = Exclude<PushDecision, { kind: "gone" }> | { kind: "refusedAddress"; reason: string };

/**
 * What follows from an attempt. 4xx and no answer: again, as long as the news is worth sending. 5xx to the recipient: this
 * address takes no mail, and nothing more is sent there. 5xx to our login, the sender or the message: our configuration is
 * wrong; the login is tried again, because somebody will mend it.
 */
export function decideMail(
  result: MailResult,
  attempt: { attempts: number; now: Date; expiresAt: Date },
  random: () => number = Math.random,
): MailDecision {
  switch (result.kind) {
    case "accepted":
      return { kind: "accepted" };
    case "failed":
      return again(result.reason, null, attempt, random);
    case "answered": {
      const reason = `smtp_${result.status}`;
      if (result.isLogin || result.status < 500) return again(reason, null, attempt, random);
      if (result.isAboutAddress) return { kind: "refusedAddress", reason };
      return { kind: "dead", reason, alarm: true };
    }
  }
}
