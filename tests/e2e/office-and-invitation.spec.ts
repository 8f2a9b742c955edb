// The office's overview, a student's own history, and the first sign-in of an imported person.
import { expect, test } from "@playwright/test";
import { createInvitations } from "@/lib/identity/invitations/invitations";
import { createDb, transaction } from "@/lib/platform/db/client";
import { at, buildSchool } from "@/tests/support/school";
import { ownProduct } from "@/tests/support/e2e-products";
import { expectAccessible } from "./attendance-scene";
import { signInAs } from "./demo-people";

/** The link of a person who was just imported and has no password. */
async function freshInvitation(): Promise<{ email: string; path: string }> {
  const client = createDb(ownProduct().databaseUrl, 2);
  try {
    const school = await buildSchool(client, { students: 1 });
    const student = at(school.students, 0);
    const links = await transaction((tx) => createInvitations(tx, [student.id]), client);
    return { email: student.email, path: `/invite/${at(links, 0).token}` };
  } finally {
    await client.$disconnect();
  }
}

for (const [role, path, heading] of [
  ["admin", "/admin", "Overview"],
  ["student", "/attendance", "My attendance"],
] as const)
  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [360, 1_280])
      test(`${path} is accessible and fits, ${colorScheme}, ${width} px`, async ({ page }) => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        await signInAs(page, role, path);
        await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
        await expectAccessible(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      });

test("the office counts no section over its seats, and others have no such page", async ({ page, browser }) => {
  await signInAs(page, "admin", "/admin");
  await expect(page.getByText("No section has more students than seats")).toBeVisible();
  await expect(page.getByRole("table", { name: "Fullest sections" }).getByRole("row")).toHaveCount(13);
  const other = await browser.newContext();
  const guardian = await other.newPage();
  await signInAs(guardian, "guardian", "/family");
  expect((await guardian.goto("/admin"))?.status()).toBe(404);
  await other.close();
});

test("a first password is chosen by a link that works once", async ({ page, request }) => {
  const { email, path } = await freshInvitation();
  await page.goto(path);
  await expect(page.getByText(email)).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("New password").fill("short");
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await expect(page.getByLabel("New password")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("New password").fill("four words in a row");
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await page.waitForURL((url) => url.pathname === "/sections");
  const login = await request.post("/api/login", { data: { email, password: "four words in a row" } });
  expect(login.status()).toBe(200);
  await page.goto(path);
  await expect(page.getByRole("heading", { name: "This link no longer works" })).toBeVisible();
  await expectAccessible(page);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });
  test("a first password is a plain form", async ({ page }) => {
    const { path } = await freshInvitation();
    await page.goto(path);
    await page.getByLabel("New password").fill("another four words here");
    await page.getByRole("button", { name: "Save and sign in" }).click();
    await page.waitForURL((url) => url.pathname === "/sections");
  });
});
