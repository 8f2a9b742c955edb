import type { Db } from "@/lib/platform/db";
import { db } from "@/lib/platform/db";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { idSchema } from "@/lib/shared/schema";
import { removeSubscription } from "./remove-subscription";

/** Names this browser's push subscription, so that signing out can end it without script. Says nothing by itself. */
export const DEVICE_COOKIE = "campus.device";

const LIFE_SECONDS = 400 * 86_400;

/** `Set-Cookie` that remembers this browser's subscription. */
export function deviceCookie(id: string, secure: boolean): string {
  return `${DEVICE_COOKIE}=${id}; Path=/; Max-Age=${LIFE_SECONDS}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
}

/** The subscription that a request's browser has, by its `Cookie` header. */
export function deviceOf(cookieHeader: string | null): string | null {
  const pairs = (cookieHeader ?? "").split(";").map((part) => part.trim());
  const value = pairs.find((pair) => pair.startsWith(`${DEVICE_COOKIE}=`))?.slice(DEVICE_COOKIE.length + 1);
  return idSchema.safeParse(value).data ?? null;
}

/**
 * For signing out: alerts of the person who leaves must not reach the next one at this browser. Does nothing for a
 * browser without a subscription of this person.
 */
export async function forgetDevice(ctx: Context, cookieHeader: string | null, client: Db = db()): Promise<void> {
  const id = deviceOf(cookieHeader);
  if (id === null) return;
  try {
    await removeSubscription(ctx, { id }, client);
  } catch (error) {
    if (!(error instanceof AppError && error.status === 404)) throw error;
  }
}
