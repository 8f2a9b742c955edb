import { createECDH } from "node:crypto";
import { env } from "@/lib/platform/runtime/env";
import { AppError } from "@/lib/shared/errors";
import { checkEndpoint } from "../channels/web-push/endpoint-policy";
import type { SubscriptionInput } from "../schema";
import { say } from "@/lib/shared/say";

/** A subscription as it is stored: one spelling of the address, keys without padding. */
export type UsableSubscription = { endpoint: string; p256dh: string; auth: string };

/**
 * Judges a browser's subscription: first whether a push may go to its address at all, then its keys. The address is kept
 * as it will be sent to, so that one address in two spellings is not two subscriptions.
 */
export function usableSubscription(input: Pick<SubscriptionInput, "endpoint" | "keys">): UsableSubscription {
  const verdict = checkEndpoint(input.endpoint, env().PUSH_ENDPOINT_ALLOWLIST);
  if (!verdict.ok)
    throw new AppError("push_endpoint_refused", {
      detail: say("detail.endpointRefused"),
    });
  const p256dh = input.keys.p256dh.replace(/={1,2}$/, "");
  const auth = input.keys.auth.replace(/={1,2}$/, "");
  refuseBadKeys(p256dh, auth);
  return { endpoint: verdict.url.href, p256dh, auth };
}

/** A key that is no point of the curve would fail at every send. */
function refuseBadKeys(p256dh: string, auth: string): void {
  const errors = [];
  if (!isPoint(bytesOf(p256dh)))
    errors.push({ path: "keys.p256dh", code: "invalid_key", message: say("field.browserKey") });
  if (bytesOf(auth).length !== 16)
    errors.push({ path: "keys.auth", code: "invalid_key", message: say("field.browserSecret") });
  if (errors.length > 0) throw new AppError("invalid_request", { detail: say("detail.badKeys"), errors });
}

/** Nothing for a text that is not base64url: Node reads over what does not belong. */
function bytesOf(text: string): Buffer {
  return /^[A-Za-z0-9_-]+$/.test(text) ? Buffer.from(text, "base64url") : Buffer.alloc(0);
}

function isPoint(key: Buffer): boolean {
  if (key.length !== 65 || key[0] !== 4) return false;
  const pair = createECDH("prime256v1");
  pair.generateKeys();
  try {
    pair.computeSecret(key);
    return true;
  } catch {
    return false;
  }
}

/** A `User-Agent` as far as it is stored. */
export function storableUserAgent(userAgent: string | null): string | null {
  return userAgent === null ? null : userAgent.replaceAll(/[^\x20-\x7e]/g, "").slice(0, 400);
}
