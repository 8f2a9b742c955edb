import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Db } from "@/lib/platform/db/client";
import { inBatches, type Removal } from "@/lib/platform/db/in-batches";
import { derivedKey } from "@/lib/platform/runtime/secrets";
import { hashSecretToken } from "../sessions/refresh-token";

const VALID_MS = 5 * 60_000;

/** What a challenge is for: signing in, or adding a passkey to one person's account. */
export type Purpose = "sign-in" | `add ${string}`;
/** A challenge: what the passkey signs, and the proof of it that stays in an HttpOnly cookie of the browser that asked. */
export type Challenge = { bytes: Uint8Array<ArrayBuffer>; kept: string; expiresAt: Date };

/** A new challenge, good for five minutes. Nothing is written: who only looks at the sign-in page leaves no row. */
export function newChallenge(purpose: Purpose, now: Date): Challenge {
  const bytes = new Uint8Array(randomBytes(32));
  const expiresAt = new Date(now.getTime() + VALID_MS);
  const text = `${Buffer.from(bytes).toString("base64url")}.${expiresAt.getTime()}`;
  return { bytes, kept: `${text}.${macOf(purpose, text)}`, expiresAt };
}

function macOf(purpose: Purpose, text: string): string {
  return createHmac("sha256", derivedKey("challenges for passkeys")).update(`${purpose} ${text}`).digest("base64url");
}

/**
 * Spends the challenge that a browser kept, and answers it, base64url; null when it is none of ours, for something else, too old
 * or spent. Of two at once one is taken.
 */
export async function spendChallenge(client: Db, kept: string, purpose: Purpose, now: Date): Promise<string | null> {
  const [challenge = "", until = "", mac = ""] = kept.split(".");
  const [given, right] = [Buffer.from(mac), Buffer.from(macOf(purpose, `${challenge}.${until}`))];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  const expiresAt = new Date(Number(until));
  if (expiresAt <= now) return null;
  const spent = await client.$executeRaw`
    INSERT INTO spent_challenge (challenge_hash, expires_at) VALUES (${hashSecretToken(challenge)}, ${expiresAt})
    ON CONFLICT DO NOTHING`;
  return spent > 0 ? challenge : null;
}

const BATCH = 2_000;

/** Deletes spent challenges whose time is over. Answers how many. */
export async function deleteSpentChallenges(client: Db, { now, signal }: Removal): Promise<number> {
  // A little later than they end: clocks of processes differ.
  const before = new Date(now.getTime() - VALID_MS);
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT challenge_hash FROM spent_challenge WHERE expires_at < ${before}
        ORDER BY expires_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM spent_challenge s USING old WHERE s.challenge_hash = old.challenge_hash`,
  );
}
