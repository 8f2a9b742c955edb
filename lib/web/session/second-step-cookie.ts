import { cookies } from "next/headers";
import type { SecondStep } from "@/lib/identity/factors/second-step";
import { secondStepCookieName, sessionCookieOptions } from "@/lib/identity/sessions/session-cookies";

/** Has this browser, and no other, go on with a sign-in that waits for the second factor. */
export async function keepSecondStep({ token, expiresAt }: SecondStep): Promise<void> {
  (await cookies()).set(secondStepCookieName(), token, sessionCookieOptions(expiresAt));
}

/** The token of the sign-in that waits in this browser, or null. */
export async function keptSecondStep(): Promise<string | null> {
  return (await cookies()).get(secondStepCookieName())?.value ?? null;
}

/** Takes it out of this browser. */
export async function forgetSecondStep(): Promise<void> {
  (await cookies()).set(secondStepCookieName(), "", { ...sessionCookieOptions(new Date(0)), maxAge: 0 });
}
