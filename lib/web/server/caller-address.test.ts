import net from "node:net";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { forgetSingletons } from "@/tests/support/singletons";
import { env } from "@/lib/platform/runtime/env";
import { addressOf, callerAddress } from "./caller-address";

beforeEach(forgetSingletons);

function from(remoteAddress: string, forwarded?: string): string {
  const socket = Object.assign(new net.Socket(), {});
  Object.defineProperty(socket, "remoteAddress", { value: remoteAddress });
  return addressOf({ socket, headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded } });
}

describe("the address of a caller", () => {
  it("is that of the connection, whatever the caller claims", () => {
    expect(from("203.0.113.7")).toBe("203.0.113.7");
    expect(from("::ffff:203.0.113.7", "198.51.100.1")).toBe("203.0.113.7");
    expect(from("2001:db8::7", "127.0.0.1")).toBe("2001:db8::7");
  });

  it("is what a trusted proxy says, up to the first that nobody trusts", () => {
    vi.stubEnv("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8, fd00::/8");
    expect(from("::ffff:10.1.2.3", "203.0.113.7")).toBe("203.0.113.7");
    expect(from("10.1.2.3", "198.51.100.1, 203.0.113.7, 10.9.9.9")).toBe("203.0.113.7");
    expect(from("fd00::1", "2001:db8::7")).toBe("2001:db8::7");
    expect(from("10.1.2.3", "nonsense")).toBe("10.1.2.3");
    expect(from("10.1.2.3")).toBe("10.1.2.3");
    expect(from("203.0.113.7", "127.0.0.1")).toBe("203.0.113.7");
  });

  it("is an address or nothing", () => {
    expect(callerAddress(new Headers({ "x-campus-address": "203.0.113.7" }))).toBe("203.0.113.7");
    expect(callerAddress(new Headers({ "x-campus-address": "<script>" }))).toBeNull();
    expect(callerAddress(new Headers())).toBeNull();
  });

  it("needs proxies that are addresses", () => {
    for (const wrong of ["gateway", "10.0.0.0/33", "10.0.0.0/x"]) {
      forgetSingletons();
      vi.stubEnv("TRUSTED_PROXIES", wrong);
      expect(env).toThrow("TRUSTED_PROXIES");
    }
  });
});
