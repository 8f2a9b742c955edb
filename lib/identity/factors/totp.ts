import { createHmac, randomBytes } from "node:crypto";

/** Seconds for which a code stands (RFC 6238 §5.2 recommends 30). */
export const STEP_SECONDS = 30;
export const CODE_DIGITS = 6;
const SECRET_BYTES = 20;

/** A new secret: 160 random bits, the length that RFC 4226 §4 recommends. */
export function newTotpSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/** The code of a secret at a step, by RFC 6238 with HMAC-SHA-1, which every authenticator app knows. */
export function totpCode(secret: Uint8Array, step: number, digits = CODE_DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  // RFC 4226 §5.3: the low four bits of the last byte say where the number begins.
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7f_ff_ff_ff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

/** Which of the steps around `now`, a clock's being off by one either way, has this code; null: none. */
export function stepOfCode(secret: Uint8Array, code: string, now: number): number | null {
  return [now, now - 1, now + 1].find((step) => totpCode(secret, step) === code) ?? null;
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Bytes in base32 (RFC 4648 §6) without padding: how authenticator apps take a secret. */
export function base32(bytes: Uint8Array): string {
  let [text, bits, held] = ["", 0, 0];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(held >> (bits - 5)) & 31] ?? "";
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + (BASE32[(held << (5 - bits)) & 31] ?? "") : text;
}

/** The address that an authenticator app reads from a QR code (Google Authenticator's key URI format). */
export function totpUri(secret: Uint8Array, { school, email }: { school: string; email: string }): string {
  // A colon parts issuer and account, so neither may have one.
  const issuer = encodeURIComponent(school.replaceAll(":", " "));
  const account = encodeURIComponent(email.replaceAll(":", ""));
  return `otpauth://totp/${issuer}:${account}?secret=${base32(secret)}&issuer=${issuer}`;
}
