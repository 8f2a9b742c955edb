import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { z } from "zod";
import type { Tx } from "@/lib/platform/db/client";
import { keepAnswers, keptAnswersOf, type OwnCall } from "@/lib/platform/idempotency/kept-answers";
import { tokenPair } from "../schema";
import type { SessionTokens } from "./sessions";

/** That long after a token was spent, the call that spent it gets its pair again. */
export const REPEAT_MS = 60_000;

const CIPHER = "aes-256-gcm";
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const sealedPair = tokenPair.extend({ sessionId: z.string(), refreshExpiresAt: z.coerce.date() });

/**
 * The pair that this very call got for `token`; `other_body` when its key was used with another body; null when the key is
 * new. How long ago that was, the caller decides, who holds the token's row.
 */
export async function repeatedPair(tx: Tx, call: OwnCall, token: string): Promise<SessionTokens | "other_body" | null> {
  const [kept] = await keptAnswersOf(tx, [call]);
  if (!kept) return null;
  if (!kept.isSameBody) return "other_body";
  return sealedPair.parse(JSON.parse(unseal(token, kept.answer.body ?? "")));
}

/** Keeps the pair that `token` was spent for, so that whoever has the token, and nobody else, can read it. */
export async function keepPair(tx: Tx, call: OwnCall, token: string, tokens: SessionTokens): Promise<void> {
  const answer = { status: 200, headers: [], body: seal(token, JSON.stringify(tokens)) };
  await keepAnswers(tx, [{ call, answer }]);
}

/** The database has only a hash of the token, from which its 256 bits cannot be had. */
function keyFrom(token: string, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync("sha256", token, salt, "campusos repeated refresh", 32));
}

function seal(token: string, text: string): string {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, keyFrom(token, salt), nonce, { authTagLength: TAG_BYTES });
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([salt, nonce, cipher.getAuthTag(), sealed]).toString("base64url");
}

function unseal(token: string, sealed: string): string {
  const bytes = Buffer.from(sealed, "base64url");
  const [nonceAt, tagAt] = [SALT_BYTES, SALT_BYTES + NONCE_BYTES];
  const textAt = tagAt + TAG_BYTES;
  const key = keyFrom(token, bytes.subarray(0, nonceAt));
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(nonceAt, tagAt), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(tagAt, textAt));
  return Buffer.concat([decipher.update(bytes.subarray(textAt)), decipher.final()]).toString("utf8");
}
