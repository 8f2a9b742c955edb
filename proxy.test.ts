import fs from "node:fs";
import { NextRequest } from "next/server";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { forgetSingletons } from "@/tests/support/singletons";
import { proxy } from "./proxy";

beforeEach(() => {
  forgetSingletons();
  vi.stubEnv("PUBLIC_URL", "");
});

const ask = async (path: string) => (await proxy(new NextRequest(`http://localhost:3000${path}`))).headers;

describe("the proxy", () => {
  it.each([
    "/sections/x.png",
    "/invite/x.svg",
    "/icons",
    "/icons/../login.js",
    "/nothing.txt",
    "/_next/x",
    "/sections/sw.js",
  ])("protects %s as a page", async (path) => {
    const headers = await ask(path);
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("x-frame-options")).toBe("DENY");
  });

  it("keeps the secret of an address out of what its page asks for", async () => {
    for (const path of ["/invite/secret", "/setup/secret", "/reset/secret", "/confirm-email/secret"])
      expect((await ask(path)).get("referrer-policy")).toBe("strict-origin");
    expect((await ask("/login")).get("referrer-policy")).toBe("same-origin");
  });

  it("of an https site keeps browsers to https, with all hosts below", async () => {
    expect((await ask("/login")).get("strict-transport-security")).toBeNull();
    forgetSingletons();
    vi.stubEnv("PUBLIC_URL", "https://campus.example.edu");
    expect((await ask("/login")).get("strict-transport-security")).toBe("max-age=31536000; includeSubDomains");
  });

  it("lets a form pass that comes from PUBLIC_URL to the host of a gateway", async () => {
    forgetSingletons();
    vi.stubEnv("PUBLIC_URL", "https://campus.example.edu");
    const headers = { host: "web-1:3000", origin: "https://campus.example.edu", "x-forwarded-host": "evil.example" };
    const answer = await proxy(new NextRequest("http://web-1:3000/login", { method: "POST", headers }));
    expect(answer.headers.get("x-middleware-request-x-forwarded-host")).toBe("campus.example.edu");
  });

  it("leaves files to caches: what lies in public, icons, the manifest and what the build makes", async () => {
    const inPublic = fs.readdirSync("public", { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    const paths = inPublic.map((each) => `/${`${each.parentPath}/${each.name}`.split("/").slice(1).join("/")}`);
    expect(paths).toContain("/sw.js");
    for (const path of [
      ...paths,
      "/offline",
      "/icon.png?x",
      "/favicon.ico",
      "/apple-icon.png",
      "/manifest.webmanifest",
      "/_next/static/a/b.js",
    ]) {
      const headers = await ask(path);
      expect(headers.get("content-security-policy"), path).toBeNull();
      expect(headers.get("x-content-type-options"), path).toBe("nosniff");
    }
  });
});
