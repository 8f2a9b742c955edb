"use server";

import { cookies } from "next/headers";
import { parseTheme, themeCookie } from "./theme";

/** Form action: keeps the chosen theme for a year on this device. Works without script; repeating it changes nothing. */
export async function setTheme(form: FormData): Promise<void> {
  // Whoever calls it by hand chooses what it is called with.
  const theme = form instanceof FormData ? form.get("theme") : null;
  (await cookies()).set(themeCookie, parseTheme(theme), {
    path: "/",
    maxAge: 365 * 24 * 60 * 60,
    sameSite: "lax",
    httpOnly: true,
  });
}
