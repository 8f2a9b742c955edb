import { cookies } from "next/headers";

/** The themes a person can choose; `system` follows the device. */
export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** Name of the cookie that keeps the choice, so that the first byte of HTML is already in the right theme. */
export const themeCookie = "campus-theme";

/** `bg` of both themes as hex, for the two places that know no CSS variables: theme-color and the web manifest. */
export const chromeColor = { light: "#f9fafb", dark: "#0d0f15" } as const;

/** Reads a theme out of anything; what is not one means `system`. */
export function parseTheme(value: unknown): Theme {
  return themes.find((theme) => theme === value) ?? "system";
}

/** The theme of the person whose request is being rendered. */
export async function readTheme(): Promise<Theme> {
  return parseTheme((await cookies()).get(themeCookie)?.value);
}
