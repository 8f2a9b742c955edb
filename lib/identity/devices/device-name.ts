import { translator } from "@/messages/translator";

// The first that matches wins: browsers name their relatives as well.
const BROWSERS: readonly [RegExp, string][] = [
  [/\bEdgA?\/|\bEdgiOS\//, "Edge"],
  [/\bOPR\/|\bOPT\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\bChrome\/|\bCriOS\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "Mac"],
  [/\bCrOS\b/, "Chromebook"],
  [/\bLinux\b/, "Linux"],
];

/** Whether this `User-Agent` is one of a browser that has a name here; programs have none. */
export function isBrowser(userAgent: string | null): boolean {
  return BROWSERS.some(([pattern]) => pattern.test(userAgent ?? ""));
}

/** What a person calls the browser that sent this `User-Agent`, for example `Firefox on Android`. */
export function deviceName(userAgent: string | null, locale: string): string {
  const t = translator(locale, "notifications");
  const browser = BROWSERS.find(([pattern]) => pattern.test(userAgent ?? ""))?.[1] ?? t("devices.browser");
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent ?? ""))?.[1];
  return system === undefined ? browser : t("devices.named", { browser, system });
}

const MOST_KEPT = 400;

/** A `User-Agent` as it is kept: not longer than a browser's own, and without what could not be stored; null for none. */
export function plainUserAgent(userAgent: string | null): string | null {
  const plain = (userAgent ?? "").replace(/[^\x20-\x7e]+/g, "").slice(0, MOST_KEPT);
  return plain === "" ? null : plain;
}
