// What a guardian does about alerts outside of the browser's own windows: choose, see devices, read the inbox.
import { expect, test } from "@playwright/test";
import { expectAccessible } from "./attendance-scene";
import { signInAs } from "./demo-people";

for (const colorScheme of ["light", "dark"] as const)
  for (const width of [360, 1_280])
    test(`preferences and inbox are accessible and fit, ${colorScheme}, ${width} px`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await signInAs(page, "guardian", "/preferences");
      for (const [path, heading] of [
        ["/preferences", "Alerts"],
        ["/inbox", "Inbox"],
      ] as const) {
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
        await expectAccessible(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
    });

test("a choice is saved when it is made, said in its place, and still there later", async ({ page }) => {
  await signInAs(page, "guardian", "/preferences");
  const box = page.getByRole("checkbox", { name: "Absence by Push" });
  await expect(box).toBeChecked();
  await box.uncheck();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.reload();
  await expect(box).not.toBeChecked();
  await box.check();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();

  await page.getByRole("radio", { name: /Once a day/ }).check();
  await expect(page.getByRole("region", { name: "How often" }).getByText("Saved", { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("radio", { name: /Once a day/ })).toBeChecked();
  await page.getByRole("radio", { name: /At once/ }).check();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();

  // Only what is really sent: no e-mail yet, and no enrollment news for guardians.
  await expect(page.getByRole("columnheader", { name: /mail/i })).toHaveCount(0);
  await expect(page.getByRole("rowheader", { name: /Enrollment/ })).toHaveCount(0);
});

test("quiet hours that end when they start are refused in their place", async ({ page }) => {
  await signInAs(page, "guardian", "/preferences");
  await page.getByLabel("Until", { exact: true }).fill("21:00");
  await page.getByLabel("From", { exact: true }).fill("21:00");
  await page.getByRole("checkbox", { name: /Hold pushes/ }).check();
  await expect(page.getByText("Choose a start and an end that differ.")).toBeVisible();
  await page.getByRole("checkbox", { name: /Hold pushes/ }).uncheck();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
});

test("push that the browser's service does not give says so after a while and can be tried again", async ({
  browser,
  baseURL,
}) => {
  const context = await browser.newContext({ baseURL: baseURL ?? "" });
  await context.grantPermissions(["notifications"]);
  const page = await context.newPage();
  await signInAs(page, "guardian", "/preferences");
  await page.getByRole("button", { name: "Turn on alerts" }).click();
  // Chromium's window without a profile has no push service: it refuses, or never answers.
  await expect(page.getByRole("alert").filter({ hasText: /try again/i })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("button", { name: "Turn on alerts" })).toBeEnabled();
  await context.close();
});

test("a link of somebody else's push is no page", async ({ page }) => {
  await signInAs(page, "guardian", "/preferences");
  const answer = await page.goto("/n/0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000");
  expect(answer?.status()).toBe(404);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("preferences are a form, the inbox is a list", async ({ page }) => {
    await signInAs(page, "guardian", "/preferences");
    // Text inside noscript is found by its element only.
    await expect(page.locator("noscript p")).toContainText("needs JavaScript");
    await page.getByRole("checkbox", { name: "Attendance correction by Push" }).uncheck();
    await page.getByRole("button", { name: "Save", exact: true }).first().click();
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();
    await expect(page.getByRole("checkbox", { name: "Attendance correction by Push" })).not.toBeChecked();
    await page.getByRole("checkbox", { name: "Attendance correction by Push" }).check();
    await page.getByRole("button", { name: "Save", exact: true }).first().click();
    await expect(page.getByRole("checkbox", { name: "Attendance correction by Push" })).toBeChecked();
    await page.goto("/inbox");
    await expect(page.getByRole("heading", { level: 1, name: "Inbox" })).toBeVisible();
  });
});
