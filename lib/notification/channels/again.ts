/** What follows from an attempt, on any channel. */
export type Decision =
  | { kind: "accepted" }
  | { kind: "gone"; reason: string }
  | { kind: "retry"; at: Date; reason: string }
  /** `alarm`: a defect or a wrong configuration of ours, somebody must look. */
  | { kind: "dead"; reason: string; alarm: boolean };

const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 15 * 60_000;

/** Tried again after a doubling back-off with jitter, or what the other side asked for, as long as the news is worth sending. */
export function again(
  reason: string,
  retryAfterMs: number | null,
  attempt: { attempts: number; now: Date; expiresAt: Date },
  random: () => number,
): Extract<Decision, { kind: "retry" | "dead" }> {
  const ceiling = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(attempt.attempts - 1, 20));
  const backoffMs = ceiling / 2 + (random() * ceiling) / 2;
  const at = new Date(attempt.now.getTime() + Math.max(backoffMs, retryAfterMs ?? 0));
  return at < attempt.expiresAt
    ? { kind: "retry", at, reason }
    : { kind: "dead", reason: `expired_${reason}`, alarm: false };
}
