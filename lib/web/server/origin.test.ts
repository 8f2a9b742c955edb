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

  it("tells http and https of one host apart", () => {
    expect(ask({ host: "a:3000", origin: "https://a:3000" })).toBe(true);
    expect(ask({ host: "a:3000", origin: "https://a:3000", "x-forwarded-proto": "https" })).toBe(false);
    expect(ask({ host: "a:3000", origin: "http://a:3000", "x-forwarded-proto": "https" })).toBe(true);
    expect(ask({ host: "a", origin: "http://a", "x-forwarded-proto": "https, http" })).toBe(true);
  });

  it("takes PUBLIC_URL's word for its host, whatever the gateway says", () => {
    const host = "campus.example.edu";
    expect(ask({ host, origin: "https://campus.example.edu", "x-forwarded-proto": "http" })).toBe(false);
    expect(ask({ host, origin: "http://campus.example.edu", "x-forwarded-proto": "http" })).toBe(true);
    expect(ask({ host, origin: "http://campus.example.edu" })).toBe(true);
  });

  it("works behind a gateway that ends TLS and does not tell", () => {
    vi.stubEnv("PUBLIC_URL", "");
    forgetSingletons();
    expect(ask({ host: "school.example", origin: "https://school.example" })).toBe(false);
    expect(ask({ host: "school.example:8080", origin: "https://school.example:8080" })).toBe(true);
    expect(ask({ host: "school.example", origin: "https://school.example:8443" })).toBe(true);
    expect(ask({ host: "", origin: "https://school.example" })).toBe(true);
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
