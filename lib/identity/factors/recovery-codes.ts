import { createHash, randomBytes } from "node:crypto";
import type { Tx } from "@/lib/platform/db/client";

export const RECOVERY_CODES = 10;
/** Crockford's base32: no letter that is read as a digit. 16 of them are 80 bits, so that a fast hash is enough. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH = 16;

function newCode(): string {
  const letters = [...randomBytes(LENGTH)].map((byte) => ALPHABET[byte & 31]).join("");
  return letters.replace(/(.{4})(?=.)/g, "$1-");
}

/** A code as it is compared, however it was typed; null: it cannot be one. */
export function plainRecoveryCode(typed: string): string | null {
  const plain = typed.toLowerCase().replace(/[\s-]/g, "").replaceAll("o", "0").replace(/[il]/g, "1");
  return plain.length === LENGTH && [...plain].every((letter) => ALPHABET.includes(letter)) ? plain : null;
}

function hashOf(userId: string, plain: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(`${userId} ${plain}`).digest());
}

/** Makes a person's codes anew; those before end. They can be shown this once: only hashes are stored. */
export async function replaceRecoveryCodes(tx: Tx, userId: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, newCode);
  await tx.$executeRaw`DELETE FROM recovery_code WHERE user_id = ${userId}`;
  await tx.recoveryCode.createMany({
    data: codes.map((code) => ({ userId, codeHash: hashOf(userId, plainRecoveryCode(code) ?? code) })),
  });
  return codes;
}

/** Spends a code; false when it is none of the person's, or was spent. Of two at once one is taken. */
export async function spendRecoveryCode(tx: Tx, userId: string, plain: string): Promise<boolean> {
  const spent = await tx.$executeRaw`
    UPDATE recovery_code SET used_at = statement_timestamp()
    WHERE user_id = ${userId} AND code_hash = ${hashOf(userId, plain)} AND used_at IS NULL`;
  return spent > 0;
}
