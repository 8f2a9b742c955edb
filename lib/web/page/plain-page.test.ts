import { createHash } from "node:crypto";
import fs from "node:fs";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { forgetSingletons } from "@/tests/support/singletons";
import { offlinePage, outagePage } from "./plain-page";

const ID = "request-0123456789";

beforeEach(() => {
  forgetSingletons();
  vi.stubEnv("PUBLIC_URL", "");
});

describe("pages that are made by hand", () => {
  it.each([
    ["without the database", () => outagePage(ID, 2, "en")],
    ["without a network", () => offlinePage(ID, "en")],
  ])("%s: load nothing, and their policy lets their own style and script run, nothing else", (_what, make) => {
    const { html, headers } = make();
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toContain("unsafe");
    expect(html).not.toMatch(/\b(src|on\w+|style)="|@import|url\(|<link/);
    const inline = [...html.matchAll(/<(style|script)>([^]*?)<\/\1>/g)];
    expect(inline.length).toBe(html.split(/<(?:style|script)\b/).length - 1);
    for (const [, kind, text = ""] of inline) {
      const hash = createHash("sha256").update(text).digest("base64");
      expect(policy).toContain(`${kind}-src 'sha256-${hash}'`);
    }
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  });

  it("have the colours of the other pages", () => {
    const css = fs.readFileSync("app/globals.css", "utf8");
    const tokens = [...outagePage(ID, 2, "en").html.matchAll(/--[\w-]+: light-dark\(.+\);/g)].map(String);
    expect(tokens.length).toBeGreaterThan(8);
    for (const token of tokens) expect(css).toContain(token);
  });

  it("without a network is the same for everybody, and the service worker fetches it anew when its text changes", () => {
    const { html, headers } = offlinePage(ID, "en");
    expect(offlinePage("another-0123456789", "en").html).toBe(html);
    expect(fs.readFileSync("public/sw.js", "utf8"), "write this name into OFFLINE of public/sw.js").toContain(
      `{ cache: "${headers.get("x-page-version")}", address: "/offline" }`,
    );
  });
});
