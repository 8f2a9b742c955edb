import { beforeEach, describe, expect, it, vi } from "vitest";
import { forgetSingletons } from "@/tests/support/singletons";
import { isCrossOrigin } from "./origin";

beforeEach(() => {
  forgetSingletons();
  vi.stubEnv("PUBLIC_URL", "https://campus.example.edu");
});

describe("isCrossOrigin", () => {
  it("lets pages of this site and programs pass", () => {
    expect(ask({ host: "localhost:3000", origin: "http://localhost:3000" })).toBe(false);
    expect(ask({ host: "10.0.0.7:3000", origin: "https://campus.example.edu" })).toBe(false);
    expect(ask({ host: "localhost:3000" })).toBe(false);
    expect(ask({ host: "localhost:3000", "sec-fetch-site": "same-origin" })).toBe(false);
  });

  it("refuses other sites, sandboxed pages and siblings", () => {
    for (const origin of ["https://evil.example", "null", "", "http://localhost:3001", "https://x.campus.example.edu"])
      expect(ask({ host: "localhost:3000", origin }), origin).toBe(true);
    expect(ask({ host: "localhost:3000", "sec-fetch-site": "cross-site" })).toBe(true);
    expect(ask({ host: "localhost:3000", "sec-fetch-site": "same-site" })).toBe(true);
  });
});

function ask(headers: Record<string, string>): boolean {
  return isCrossOrigin(new Headers(headers));
}
