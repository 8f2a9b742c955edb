import { describe, expect, it, vi } from "vitest";
import { forgetSingletons } from "@/tests/support/singletons";
import { deviceName } from "@/lib/identity/devices/device-name";
import { deviceCookie, deviceOf, noDeviceCookie } from "../devices/device-cookie";
import { isChannelOn } from "./rules";

describe("preferences", () => {
  it("let everything through until a person says otherwise", () => {
    expect(isChannelOn([], "absence", "webPush")).toBe(true);
    expect(isChannelOn([], "enrollment", "inApp")).toBe(true);
  });

  it("hold for one category and one channel", () => {
    const choices = [{ category: "absence" as const, channel: "webPush", enabled: false }];
    expect(isChannelOn(choices, "absence", "webPush")).toBe(false);
    expect(isChannelOn(choices, "absence", "inApp")).toBe(true);
    expect(isChannelOn(choices, "attendanceCorrection", "webPush")).toBe(true);
  });
});

describe("the name of a device", () => {
  it.each([
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"],
    ["Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"],
    ["Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36", "Chrome on Android"],
    ["Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0", "Edge on Windows"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", "Safari on iPhone"],
    ["curl/8", "Browser"],
    [null, "Browser"],
  ])("of %s is %s", (userAgent, name) => expect(deviceName(userAgent, "en")).toBe(name));
});

describe("the device cookie", () => {
  it("is found among others and is never anything but an id", () => {
    expect(deviceOf(`a=1; ${deviceCookie("0199-abc")}`)).toBe("0199-abc");
    expect(deviceOf("campus.device=../../etc")).toBeNull();
    expect(deviceOf("xcampus.device=abc")).toBeNull();
    expect(deviceOf(null)).toBeNull();
  });

  it("goes only by https where the site is reached by https, also when it ends", () => {
    forgetSingletons();
    expect(deviceCookie("a")).not.toContain("Secure");
    vi.stubEnv("PUBLIC_URL", "https://campus.example.edu");
    forgetSingletons();
    for (const cookie of [deviceCookie("a"), noDeviceCookie()]) expect(cookie).toMatch(/; Secure$/);
  });
});
