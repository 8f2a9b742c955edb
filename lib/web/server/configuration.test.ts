import { beforeEach, describe, expect, it, vi } from "vitest";
import { env } from "@/lib/platform/runtime/env";
import { log } from "@/lib/platform/runtime/log";
import { holdsMetricsToken } from "@/lib/platform/runtime/metrics-token";
import { forgetSingletons } from "@/tests/support/singletons";
import { checkConfiguration } from "./configuration";

vi.mock("@/lib/platform/runtime/secrets", () => ({ nextAuthSecret: vi.fn(), signingKey: vi.fn(), vapidKeys: vi.fn() }));

beforeEach(forgetSingletons);

describe("checkConfiguration", () => {
  it("lets a short secret be what the operator wants, with a warning that does not tell it", () => {
    vi.stubEnv("METRICS_TOKEN", "m");
    vi.stubEnv("NEXTAUTH_SECRET", "s");
    const warn = vi.spyOn(log(), "warn");
    checkConfiguration();
    expect(env().METRICS_TOKEN).toBe("m");
    expect(warn.mock.calls.map(([what]) => what)).toEqual([
      { setting: "METRICS_TOKEN", shortest: 8 },
      { setting: "NEXTAUTH_SECRET", shortest: 16 },
    ]);
    expect(holdsMetricsToken("Bearer m")).toBe("yes");
    expect(holdsMetricsToken("Bearer ")).toBe("no");
  });

  it("warns of none that is long enough, or left to us", () => {
    vi.stubEnv("METRICS_TOKEN", "");
    vi.stubEnv("NEXTAUTH_SECRET", "a long enough secret");
    const warn = vi.spyOn(log(), "warn");
    checkConfiguration();
    expect(warn).not.toHaveBeenCalled();
    expect(holdsMetricsToken(null)).toBe("notConfigured");
  });
});
