import { isSecureSite } from "@/lib/identity/sessions/session-cookies";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { idSchema } from "@/lib/shared/schema";
import { endDevice } from "./end-device";

/**
 * Names this browser's push subscription, so that signing out can end it without script and without a session, and so
 * that the browser can renew it. It gives no access to anything.
 */
export const DEVICE_COOKIE = "campus.device";

const LIFE_SECONDS = 400 * 86_400;

/** `Set-Cookie` that remembers this browser's subscription; on an https site it never goes by http. */
export function deviceCookie(id: string): string {
  return `${DEVICE_COOKIE}=${id}; Path=/; Max-Age=${LIFE_SECONDS}; ${attributes()}`;
}

/** `Set-Cookie` that forgets it. By date: Next.js loses a `Max-Age=0` when it adds cookies of its own to an answer. */
export function noDeviceCookie(): string {
  return `${DEVICE_COOKIE}=; Path=/; Expires=${new Date(0).toUTCString()}; ${attributes()}`;
}

function attributes(): string {
  return `HttpOnly; SameSite=Lax${isSecureSite() ? "; Secure" : ""}`;
}

/** The subscription that a request's browser has, by its `Cookie` header. */
export function deviceOf(cookieHeader: string | null): string | null {
  const pairs = (cookieHeader ?? "").split(";").map((part) => part.trim());
  const value = pairs.find((pair) => pair.startsWith(`${DEVICE_COOKIE}=`))?.slice(DEVICE_COOKIE.length + 1);
  return idSchema.safeParse(value).data ?? null;
}

/**
 * For signing out: alerts must not reach whoever is next at this browser. The cookie is enough, whoever is signed in and
 * also when nobody is any more: it came with the subscription, and only this browser and its owner know it. True: the
 * browser had one.
 */
export async function forgetDevice(
  ctx: Omit<Context, "actor"> & { actor?: Context["actor"] | null },
  cookieHeader: string | null,
  client: Db = db(),
): Promise<boolean> {
  const id = deviceOf(cookieHeader);
  return id === null ? false : transaction((tx) => endDevice(tx, ctx, id), client);
}
