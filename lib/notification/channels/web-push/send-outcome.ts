import { again, type Decision } from "../again";

/** What became of one attempt to hand a push to its push service. */
export type SendResult =
  | { kind: "answered"; status: number; retryAfterMs: number | null }
  /** No answer: time-out, reset, refused connection, name not found. */
  | { kind: "failed"; reason: string }
  /** We did not even try: the address is not allowed (any more), or the keys cannot be used. */
  | { kind: "refused"; reason: string };

/**
 * What follows from an attempt. Accepted: any 2xx (201 of RFC 8030; some services say 200 or 202). 404 and 410: the
 * subscription is over. 429, 408 and 5xx, and no answer: again, after Retry-After or a doubling back-off with jitter,
 * as long as the news is worth sending. The rest is a mistake of ours and would fail again: 401 and 403 mean that our
 * key is not accepted, which is no fault of the subscription, so that one is kept.
 */
export function decide(
  result: SendResult,
  attempt: { attempts: number; now: Date; expiresAt: Date },
  random: () => number = Math.random,
): Decision {
  switch (result.kind) {
    case "refused":
      return { kind: "dead", reason: result.reason, alarm: false };
    case "failed":
      return again(result.reason, null, attempt, random);
    case "answered":
      return decideStatus(result.status, result.retryAfterMs, attempt, random);
  }
}

function decideStatus(
  status: number,
  retryAfterMs: number | null,
  attempt: { attempts: number; now: Date; expiresAt: Date },
  random: () => number,
): Decision {
  const reason = `status_${status}`;
  if (status >= 200 && status < 300) return { kind: "accepted" };
  if (status === 404 || status === 410) return { kind: "gone", reason };
  if (status === 408 || status === 429 || status >= 500) return again(reason, retryAfterMs, attempt, random);
  return { kind: "dead", reason, alarm: true };
}

/** `Retry-After` (RFC 9110 §10.2.3: seconds or a date) in milliseconds from now; null when there is none or it is neither. */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header.trim()) * 1_000;
  // Date.parse takes almost anything; an HTTP date begins with its weekday.
  const at = /^\s*[A-Za-z]{3,9},? /.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
