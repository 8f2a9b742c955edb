// The cookies of a browser's session, for specs that take one away or look at it.
import type { BrowserContext } from "@playwright/test";

export const ACCESS = "next-auth.session-token";
export const REFRESH = "campusos.refresh-token";

/** The value of a cookie; empty when there is none. */
export async function valueOf(context: BrowserContext, name: string): Promise<string> {
  return (await context.cookies()).find((cookie) => cookie.name === name)?.value ?? "";
}
