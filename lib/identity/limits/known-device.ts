import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { derivedKey } from "@/lib/platform/runtime/secrets";
import { isSecureSite } from "../sessions/session-cookies";

/** So many people who share a browser are known there; beyond that the one who signed in longest ago is forgotten. */
const MOST_ACCOUNTS = 8;
const ID_BYTES = 16;
const PART = /^[\w-]{22}$/;

/** How long a browser is known after a sign-in. */
export const KNOWN_SECONDS = 180 * 86_400;

/**
 * Name of the cookie by which a browser shows that people have signed in there before. It gives no access to anything: who
 * has it may go on guessing these people's passwords, slowly, while strangers are refused.
 */
export function knownDeviceCookieName(): string {
  return isSecureSite() ? "__Host-campusos.known-device" : "campusos.known-device";
}

/**
 * The value of that cookie after a person has signed in: a random id of the browser and for each person a code that only we
 * can make of both. It names nobody.
 */
export function withKnownPerson(cookie: string | null | undefined, userId: string): string {
  const { id, codes } = partsOf(cookie) ?? { id: randomBytes(ID_BYTES).toString("base64url"), codes: [] };
  const own = codeOf(id, userId);
  return [id, own, ...codes.filter((code) => code !== own)].slice(0, 1 + MOST_ACCOUNTS).join(".");
}

/** The id of a browser in which this person has signed in before; null for any other browser, and for a cookie not of ours. */
export function knownDevice(cookie: string | null | undefined, userId: string): string | null {
  const parts = partsOf(cookie);
  if (!parts) return null;
  const own = Buffer.from(codeOf(parts.id, userId));
  return parts.codes.some((code) => timingSafeEqual(Buffer.from(code), own)) ? parts.id : null;
}

function partsOf(cookie: string | null | undefined): { id: string; codes: string[] } | null {
  const [id, ...codes] = (cookie ?? "").slice(0, 23 * (1 + MOST_ACCOUNTS)).split(".");
  return id !== undefined && [id, ...codes].every((part) => PART.test(part)) ? { id, codes } : null;
}

function codeOf(id: string, userId: string): string {
  return createHmac("sha256", derivedKey("known device")).update(`${id} ${userId}`).digest("base64url").slice(0, 22);
}
