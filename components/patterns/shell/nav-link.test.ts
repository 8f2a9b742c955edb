import { describe, expect, it } from "vitest";
import { isCurrent } from "./nav-link";

describe("isCurrent", () => {
  it("marks the place itself as the page and a page beneath it as within", () => {
    expect(isCurrent("/sections", "/sections")).toBe("page");
    expect(isCurrent("/sections", "/sections/01J")).toBe("true");
  });

  it("leaves the pages beneath a place to their own places when told so", () => {
    expect(isCurrent("/admin", "/admin", true)).toBe("page");
    expect(isCurrent("/admin", "/admin/settings", true)).toBeUndefined();
  });

  it("does not take a longer word or the root for a match", () => {
    expect(isCurrent("/today", "/todays")).toBeUndefined();
    expect(isCurrent("/", "/today")).toBeUndefined();
  });
});
