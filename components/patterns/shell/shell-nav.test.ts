import { describe, expect, it } from "vitest";
import { homeForRoles, navForRoles, shortcutForRoles } from "./shell-nav";

const hrefs = (roles: Parameters<typeof navForRoles>[0]) => navForRoles(roles, (key) => key).map((item) => item.href);

describe("navForRoles", () => {
  it("gives each role its places, the most likely first", () => {
    expect(hrefs(["STUDENT"])).toEqual(["/sections", "/timetable", "/attendance", "/inbox"]);
    expect(hrefs(["TEACHER"])).toEqual(["/today", "/inbox"]);
    expect(hrefs(["GUARDIAN"])).toEqual(["/family", "/preferences", "/inbox"]);
    expect(hrefs(["ADMIN"])).toEqual([
      "/admin",
      "/admin/people",
      "/admin/calendar",
      "/admin/import",
      "/admin/settings",
    ]);
  });

  it("joins the places of several roles without repeats and puts the inbox last", () => {
    expect(hrefs(["GUARDIAN", "TEACHER"])).toEqual(["/today", "/family", "/preferences", "/inbox"]);
  });

  it("does not depend on the order of the roles", () => {
    expect(hrefs(["ADMIN", "STUDENT"])).toEqual(hrefs(["STUDENT", "ADMIN"]));
  });

  it("opens the first place of a person, and the start for somebody without a role", () => {
    expect(homeForRoles(["STUDENT", "TEACHER"])).toBe("/today");
    expect(homeForRoles([])).toBe("/");
  });

  it.each([
    ["today", ["TEACHER"], "/today"],
    ["today", ["GUARDIAN"], "/family"],
    ["today", ["STUDENT"], "/timetable"],
    ["today", ["ADMIN"], "/admin"],
    ["inbox", ["GUARDIAN"], "/inbox"],
    ["inbox", ["TEACHER"], "/inbox"],
    ["inbox", ["ADMIN"], "/admin"],
    ["elsewhere", ["STUDENT"], "/sections"],
    [undefined, ["STUDENT"], "/sections"],
    ["today", [], "/"],
  ] as const)("the shortcut %s of %j leads to %s", (wanted, roles, target) => {
    expect(shortcutForRoles(wanted, roles)).toBe(target);
  });
});
