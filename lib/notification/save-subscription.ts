import { createECDH } from "node:crypto";
import { audit } from "@/lib/platform/audit";
import { db, transaction, type Db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { vapidKeys } from "@/lib/platform/secrets";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { checkEndpoint } from "./endpoint-policy";
import type { SubscriptionInput } from "./schema";

/** More browsers than a person has; the ones not seen for longest make room. */
const MAX_DEVICES = 25;

/**
 * Stores a browser's push subscription for the signed-in person. Idempotent: the same subscription again keeps its id.
 * One that belonged to another person moves (a shared browser) and gets a new id, so that nothing that waited for the
 * other is sent to it. The keys prove that the caller is the browser: other keys for a known address are refused.
 */
export async function saveSubscription(
  ctx: Context,
  input: SubscriptionInput & { userAgent: string | null },
  client: Db = db(),
): Promise<{ id: string }> {
  const verdict = checkEndpoint(input.endpoint, env().PUSH_ENDPOINT_ALLOWLIST);
  if (!verdict.ok)
    throw new AppError("push_endpoint_refused", {
      detail: "Use the address that the browser gave: https, and a push service that this server knows.",
    });
  const p256dh = input.keys.p256dh.replaceAll("=", "");
  const auth = input.keys.auth.replaceAll("=", "");
  refuseBadKeys(p256dh, auth);
  const id = newId(ctx.now.getTime());
  const { userId, schoolId } = ctx.actor;
  return transaction(async (tx) => {
    const [row] = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO push_subscription AS s
        (id, school_id, user_id, endpoint, p256dh, auth, vapid_public_key, user_agent, created_at, last_seen_at)
      VALUES (${id}, ${schoolId}, ${userId}, ${input.endpoint}, ${p256dh}, ${auth}, ${vapidKeys().publicKey},
              ${storable(input.userAgent)}, ${ctx.now}, ${ctx.now})
      ON CONFLICT (endpoint) DO UPDATE SET
        id = CASE WHEN s.user_id = EXCLUDED.user_id THEN s.id ELSE EXCLUDED.id END,
        created_at = CASE WHEN s.user_id = EXCLUDED.user_id THEN s.created_at ELSE EXCLUDED.created_at END,
        last_accepted_at = CASE WHEN s.user_id = EXCLUDED.user_id THEN s.last_accepted_at END,
        user_id = EXCLUDED.user_id, school_id = EXCLUDED.school_id, vapid_public_key = EXCLUDED.vapid_public_key,
        user_agent = EXCLUDED.user_agent, last_seen_at = EXCLUDED.last_seen_at
      WHERE s.p256dh = EXCLUDED.p256dh AND s.auth = EXCLUDED.auth
      RETURNING s.id`;
    if (!row)
      throw new AppError("push_endpoint_taken", {
        detail: "This address is known with other keys. Let the browser subscribe again.",
      });
    if (row.id === id) {
      await audit(tx, ctx, [{ action: "notification.device_added", objectType: "push_subscription", objectId: id }]);
      await tx.$executeRaw`
        DELETE FROM push_subscription WHERE user_id = ${userId} AND id IN (
          SELECT x.id FROM push_subscription x WHERE x.user_id = ${userId}
          ORDER BY x.last_seen_at DESC, x.id DESC OFFSET ${MAX_DEVICES})`;
    }
    return { id: row.id };
  }, client);
}

/** A key that is no point of the curve would fail at every send. */
function refuseBadKeys(p256dh: string, auth: string): void {
  const errors = [];
  if (!isPoint(Buffer.from(p256dh, "base64url")))
    errors.push({ path: "keys.p256dh", code: "invalid_key", message: "Use the key that the browser gave" });
  if (Buffer.from(auth, "base64url").length !== 16)
    errors.push({ path: "keys.auth", code: "invalid_key", message: "Use the secret that the browser gave" });
  if (errors.length > 0)
    throw new AppError("invalid_request", { detail: "The keys are not those of a subscription.", errors });
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

function storable(userAgent: string | null): string | null {
  return userAgent === null ? null : userAgent.replaceAll(/[^\x20-\x7e]/g, "").slice(0, 400);
}
