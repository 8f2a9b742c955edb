import { describe, expect, test } from "vitest";
import { blockerOf, guidesFor, type Browser, missingIn } from "./push-platform";

const browser = (userAgent: string, more: Partial<Browser> = {}): Browser => ({
  userAgent,
  maxTouchPoints: /Mobile|Android|iP/.test(userAgent) ? 5 : 0,
  isStandalone: false,
  isSecure: true,
  ...more,
});
const iphone = (os: string, rest: string) =>
  `Mozilla/5.0 (iPhone; CPU iPhone OS ${os} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ${rest}`;
const ipad = (rest: string) =>
  `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) ${rest}`;
const SAFARI_17 = "Version/17.5 Mobile/15E148 Safari/604.1";
const DESKTOP_CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";
const PHONE_CHROME =
  "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36";

describe("what is missing for alerts", () => {
  test.each([
    ["Safari on an iPhone", browser(iphone("17_5", SAFARI_17)), "iosInstall"],
    ["Chrome on an iPhone", browser(iphone("17_5", "CriOS/126.0 Mobile/15E148 Safari/604.1")), "iosInstall"],
    [
      "Safari on an iPad that says Mac",
      browser(ipad("Version/17.5 Safari/605.1.15"), { maxTouchPoints: 5 }),
      "iosInstall",
    ],
    [
      "Safari of iOS 26, whose system number stands still",
      browser(iphone("18_6", "Version/26.1 Mobile/15E148 Safari/604.1")),
      "iosInstall",
    ],
    ["an iPhone before 16.4", browser(iphone("16_3", "Version/16.3 Mobile/15E148 Safari/604.1")), "iosUpdate"],
    [
      "an app on the home screen before 16.4",
      browser(iphone("15_7", "Mobile/15E148"), { isStandalone: true }),
      "iosUpdate",
    ],
    [
      "an app on the home screen where the system holds pushes back",
      browser(iphone("17_5", "Mobile/15E148"), { isStandalone: true }),
      "unsupported",
    ],
    ["a view without a name inside an app on an iPhone", browser(iphone("17_5", "Mobile/15E148")), "iosInApp"],
    ["a social network on an iPhone", browser(iphone("17_5", `${SAFARI_17} Instagram 300.0`)), "iosInApp"],
    ["a view inside an app on Android", browser(PHONE_CHROME.replace("; K)", "; K; wv)")), "inApp"],
    ["a page that is not encrypted", browser(DESKTOP_CHROME, { isSecure: false }), "insecure"],
    ["an old desktop browser", browser("Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko"), "unsupported"],
    [
      "a private window of Firefox",
      browser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
      "privateWindow",
    ],
    ["Safari on a Mac", browser(ipad("Version/15.6 Safari/605.1.15")), "unsupported"],
  ] as const)("%s", (_, given, wanted) => {
    expect(missingIn(given)).toBe(wanted);
    expect(guidesFor(given.userAgent).missing).toContain(wanted);
  });
});

describe("where a block is taken back", () => {
  test.each([
    [
      "Firefox on a computer",
      browser("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"),
      "firefox",
    ],
    [
      "Firefox on Android",
      browser("Mozilla/5.0 (Android 14; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0"),
      "firefoxAndroid",
    ],
    ["Chrome on a computer", browser(DESKTOP_CHROME), "chrome"],
    ["Chrome on Android", browser(PHONE_CHROME), "chromeAndroid"],
    ["Safari on a Mac", browser(ipad("Version/18.0 Safari/605.1.15")), "safari"],
    ["the app on an iPhone", browser(iphone("17_5", "Mobile/15E148"), { isStandalone: true }), "ios"],
    ["anything else", browser("Lynx/2.9"), "other"],
  ] as const)("%s", (_, given, wanted) => {
    expect(blockerOf(given)).toBe(wanted);
    expect(guidesFor(given.userAgent).blockers).toContain(wanted);
  });
});

test("a page carries the words of the browser that asks for it, and of no other", () => {
  expect(guidesFor(DESKTOP_CHROME)).toEqual({
    missing: new Set(["insecure", "unsupported"]),
    blockers: new Set(["chrome"]),
  });
});
