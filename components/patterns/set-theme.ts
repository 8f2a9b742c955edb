"use server";

import { cookies } from "next/headers";
import { parseTheme, themeCookie } from "./theme";

/** Form action: keeps the chosen theme for a year on this device. Works without script; repeating it changes nothing. */
export async function setTheme(form: FormData): Promise<void> {
  (await cookies()).set(themeCookie, parseTheme(form.get("theme")), {
    path: "/",
    maxAge: 365 * 24 * 60 * 60,
    sameSite: "lax",
    httpOnly: true,
  });
}
