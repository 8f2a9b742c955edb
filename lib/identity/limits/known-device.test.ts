import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetSingletons } from "@/tests/support/singletons";
import { knownDevice, withKnownPerson } from "./known-device";
import { networkOf } from "./tries";

let dir: string;
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "campus-known-"));
  vi.stubEnv("CAMPUS_DATA_DIR", dir);
  forgetSingletons();
});
afterEach(() => {
  forgetSingletons();
  fs.rmSync(dir, { recursive: true, force: true });
});

describe("the cookie of a known browser", () => {
  it("knows each person who signed in there, and nobody else", () => {
    const cookie = withKnownPerson(withKnownPerson(null, "ann"), "bo");
    expect(knownDevice(cookie, "ann")).toBe(knownDevice(cookie, "bo"));
    expect(knownDevice(cookie, "ann")).not.toBeNull();
    expect(knownDevice(cookie, "cy")).toBeNull();
    expect(withKnownPerson(cookie, "ann").length).toBe(cookie.length);
  });

  it("is worth nothing in another browser, under another key, or made by hand", () => {
    const [one, other] = [withKnownPerson(null, "ann"), withKnownPerson(null, "bo")];
    const moved = `${other.split(".")[0]}.${one.split(".")[1]}`;
    for (const cookie of [null, undefined, "", "x", moved, `${one}.`, `${one} `, "A".repeat(5_000)])
      expect(knownDevice(cookie, "ann")).toBeNull();
    fs.rmSync(path.join(dir, "keys"), { recursive: true });
    forgetSingletons();
    expect(knownDevice(one, "ann")).toBeNull();
  });

  it("forgets who signed in longest ago, and stays small", () => {
    let cookie = "";
    for (let n = 0; n < 20; n++) cookie = withKnownPerson(cookie, `person ${n}`);
    expect(cookie.length).toBeLessThan(210);
    expect(knownDevice(cookie, "person 12")).not.toBeNull();
    expect(knownDevice(cookie, "person 11")).toBeNull();
  });
});

describe("the network of an address", () => {
  it("is the /64 of IPv6, and the address itself of IPv4", () => {
    expect(networkOf("203.0.113.7")).toBe("203.0.113.7");
    expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
    expect(networkOf("2001:0DB8:1:2::9")).toBe("2001:db8:1:2::/64");
    expect(networkOf("2001:db8::1")).toBe("2001:db8:0:0::/64");
    expect(networkOf("::1")).toBe("0:0:0:0::/64");
    expect(networkOf("2001:db8::1")).not.toBe(networkOf("2001:db8:0:1::1"));
  });
});
