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
