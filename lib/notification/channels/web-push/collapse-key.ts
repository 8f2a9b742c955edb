import { createHash } from "node:crypto";

/**
 * Name of what a notification is about, for one person: an alert and its correction share it, so that one replaces the
 * other, queued at the push service (RFC 8030 §5.4 allows 32 URL-safe characters) as well as on the device. Opaque,
 * because the push service sees it in clear.
 */
export function topicOf(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 32);
}
