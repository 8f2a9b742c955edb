// The frame of every page, whoever asks: one main, one title of the first level, landmarks that do not lie in each other.
import { expect, type Page, test } from "@playwright/test";
import { createDb } from "@/lib/platform/db/client";
import { ownProduct } from "@/tests/support/e2e-products";
import { expectAccessible } from "./attendance-scene";
import { signInAs } from "./demo-people";

const PAGES = [
  "/sections",
  "/timetable",
  "/attendance",
  "/today",
  "/family",
  "/admin",
  "/admin/calendar",
  "/admin/import",
  "/admin/invitations",
  "/admin/settings",
  "/admin/people",
  "/admin/people/new",
  "/admin/log",
  "/admin/mail",
  "/inbox",
  "/preferences",
  "/account",
  "/account/sign-in-methods",
  "/prove",
];
const ROLES = ["student", "teacher", "guardian", "admin"] as const;
/** Pages that are for one role, what the others are told, and an address below them that leads to nothing. */
const FOR_ONE = [
  ["/today", "teacher", "This page is for teachers"],
  ["/classes/none", "teacher", "This page is for teachers"],
  ["/classes/none/plain", "teacher", "This page is for teachers"],
  ["/sections", "student", "This page is for students"],
  ["/sections/none", "student", "This page is for students"],
  ["/timetable", "student", "This page is for students"],
  ["/attendance", "student", "This page is for students"],
  ["/family", "guardian", "This page is for parents and guardians"],
  ["/family/none", "guardian", "This page is for parents and guardians"],
  ["/admin", "admin", "This page is for the school office"],
  ["/admin/calendar", "admin", "This page is for the school office"],
  ["/admin/invitations", "admin", "This page is for the school office"],
  ["/admin/import", "admin", "This page is for the school office"],
  ["/admin/settings", "admin", "This page is for the school office"],
  ["/admin/people", "admin", "This page is for the school office"],
  ["/admin/people/new", "admin", "This page is for the school office"],
  ["/admin/people/none", "admin", "This page is for the school office"],
  ["/admin/log", "admin", "This page is for the school office"],
  ["/admin/mail", "admin", "This page is for the school office"],
] as const;

/** What is wrong with the landmarks of a page. */
const faults = (page: Page) =>
  page.evaluate(() => {
    const main = "main, [role=main]";
    const outer = `${main}, nav, aside, [role=navigation], [role=complementary], [role=search]`;
    const shown = [...document.querySelectorAll(outer)].filter((element) => element.checkVisibility());
    const found: string[] = [];
    const count = shown.filter((element) => element.matches(main)).length;
    if (count !== 1) found.push(`${count} main`);
    const titles = [...document.querySelectorAll("h1")].filter((element) => element.checkVisibility()).length;
    if (titles !== 1) found.push(`${titles} h1`);
    for (const element of shown) {
      const around = element.parentElement?.closest(outer);
      // What is beside the content of a page, or finds in it, lies in its main; nothing else lies in another.
      const mayLieInMain = !element.matches(main) && around?.matches(main) === true;
      if (around && !mayLieInMain) found.push(`${element.tagName} in ${around.tagName}`);
    }
    return found;
  });

for (const role of ROLES)
  test(`every page that a ${role} can ask for has one main and one title, also those of other roles`, async ({
    page,
  }) => {
    test.setTimeout(240_000);
    await signInAs(page, role, "/preferences");
    const paths = new Set([...PAGES, "/no-such-page", ...FOR_ONE.map(([path]) => path)]);
    for (const path of paths) {
      const answer = await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      expect(await faults(page), path).toEqual([]);
      const [, owner, title] = FOR_ONE.find(([own]) => own === path) ?? [];
      if (title === undefined) continue;
      if (owner === role) {
        await expect(page.getByText(title)).toHaveCount(0);
        continue;
      }
      expect(answer?.status(), path).toBe(404);
      await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
      await expect(page).toHaveTitle(`${title} – CampusOS`);
      await expect(page.getByRole("link", { name: "Go to your start page" })).toBeVisible();
    }
    const foreign = FOR_ONE.find(([, owner]) => owner !== role)?.[0] ?? "";
    await page.goto(foreign);
    await expectAccessible(page);
    await page.getByRole("link", { name: "Go to your start page" }).click();
    await expect(page.getByRole("link", { name: "Go to your start page" })).toHaveCount(0);
    expect(await faults(page)).toEqual([]);
  });

test("a page that fails says so inside the same frame", async ({ page }) => {
  await signInAs(page, "teacher", "/today");
  const client = createDb(ownProduct().databaseUrl, 1);
  try {
    await client.$executeRawUnsafe("ALTER TABLE class_session RENAME TO class_session_away");
    await page.goto("/today");
    await expect(page.getByRole("alert").getByRole("heading", { level: 1 })).toBeVisible();
    expect(await faults(page)).toEqual([]);
  } finally {
    await client.$executeRawUnsafe("ALTER TABLE class_session_away RENAME TO class_session");
    await client.$disconnect();
  }
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
});
