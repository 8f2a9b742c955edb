import { createHash, randomBytes } from "node:crypto";

/** A new secret token: 256 random bits, base64url. */
export function newSecretToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is stored of a secret token. It has 256 bits of its own, so a fast hash without salt is right. */
export function hashSecretToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(token).digest());
}
