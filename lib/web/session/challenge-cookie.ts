import { cookies } from "next/headers";
import { challengeCookieName, sessionCookieOptions } from "@/lib/identity/sessions/session-cookies";

/** Binds a challenge for a passkey to this browser. */
export async function keepChallenge({ kept, expiresAt }: { kept: string; expiresAt: Date }): Promise<void> {
  (await cookies()).set(challengeCookieName(), kept, sessionCookieOptions(expiresAt));
}

/** What this browser keeps of its challenge; empty: nothing. */
export async function keptChallenge(): Promise<string> {
  return (await cookies()).get(challengeCookieName())?.value ?? "";
}
