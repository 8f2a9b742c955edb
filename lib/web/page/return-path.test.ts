import { describe, expect, it } from "vitest";
import { returnPath } from "./return-path";

describe("returnPath", () => {
  it("keeps paths of this site with their query", () => {
    expect(returnPath("/")).toBe("/");
    expect(returnPath("/sections?q=algebra&day=MO")).toBe("/sections?q=algebra&day=MO");
  });

  it("refuses other sites, however they are written", () => {
    const elsewhere = [
      "//evil.example",
      "/\\evil.example",
      "\\\\evil.example",
      "https://evil.example/",
      "javascript:alert(1)",
      "/\t/evil.example",
      "/\n/evil.example",
      "/.//evil.example",
      "/a/..//evil.example",
      " /sections",
      "sections",
      "",
    ];
    for (const from of elsewhere) expect(returnPath(from), from).toBeNull();
  });

  it("refuses places that are none to go back to", () => {
    for (const from of [
      "/login",
      "/login?from=/login",
      "/api/me",
      "/invite/x",
      undefined,
      ["/a"],
      `/${"a".repeat(2000)}`,
    ])
      expect(returnPath(from)).toBeNull();
    expect(returnPath("/logins")).toBe("/logins");
  });
});
