// A finished class before its guardians are notified: reopened, let go at once, left to its end; and where the office sets it.
import { expect, type Page, test } from "@playwright/test";
import { ownProduct } from "@/tests/support/e2e-products";
import { expectAccessible } from "./attendance-scene";
import { signInTo } from "./sign-in";
import { signInAs } from "./demo-people";
import { cell, gridScene, said } from "./grid-page";

const { scene, open } = gridScene();
const strip = (page: Page) => page.getByRole("group", { name: "Before guardians are notified" });

/** Anna, who has a guardian, and Adam, who has none, are absent; the class is finished by keys. */
async function finish(page: Page): Promise<string> {
  const id = await open(page);
  for (const name of ["Anna Nováková", "Adam Bartoš"]) {
    await cell(page, name).focus();
    await page.keyboard.press("a");
  }
  await page.keyboard.press("Control+Enter");
  await expect(strip(page)).toBeVisible();
  return id;
}

for (const colorScheme of ["light", "dark"] as const)
  for (const width of [360, 1_280])
    test(`a finished class counts down and is reopened by keys, ${colorScheme}, ${width} px`, async ({ page }) => {
      test.slow(); // axe over a class of 30, beside everything else that runs
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await scene().setGrace(600);
      const id = await finish(page);
      await expect(strip(page)).toContainText(/Finished \d\d:\d\d:\d\d\. Guardians are notified at \d\d:\d\d:\d\d\./);
      await expect(strip(page)).toContainText(/1 guardian is notified at \d\d:\d\d\./);
      await expect(strip(page)).toContainText("1 of them gets it only in the inbox.");
      await expect(strip(page)).toContainText("1 student has no guardian: Adam Bartoš.");
      const left = async () => (await page.locator("[data-countdown]").textContent()) ?? "";
      const before = await left();
      expect(before).toMatch(/^(10:00|9:\d\d) left$/);
      await expect.poll(left).not.toBe(before);
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.screenshot({ path: test.info().outputPath("grace.png") });
      await page.getByRole("heading", { name: "Finished", exact: true }).focus();
      await page.keyboard.press("Tab");
      await expect(page.getByRole("button", { name: "Reopen" })).toBeFocused();
      await page.keyboard.press("Enter");
      await expect(strip(page)).toBeHidden();
      await expect(said(page)).toHaveText("Reopened. No one has been notified.");
      await expect(page.getByRole("grid").locator('[role="rowheader"]:focus')).toHaveCount(1);
      await page.keyboard.press("p");
      await expect(page.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
      await expect(page.getByRole("button", { name: "Finish", exact: true })).toBeVisible();
      expect(await scene().published(id)).toEqual([]);
    });

test("a correction in time is silent, the end notifies once, and the buttons go without the focus getting lost", async ({
  page,
}) => {
  test.slow();
  await scene().setGrace(40);
  const id = await finish(page);
  await cell(page, "Adam Bartoš").focus();
  await page.keyboard.press("p");
  await page.getByRole("button", { name: "Save 1 correction" }).click();
  await expect(strip(page)).toBeHidden({ timeout: 60_000 });
  await expect.poll(() => scene().published(id)).toEqual(["attendance_marked_absent"]);
  await expect(said(page)).toHaveText("The time to reopen the class is over.");
  expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true);
});

test("notifying now publishes now, and the page of a colleague follows", async ({ page, browser, baseURL }) => {
  test.slow();
  await scene().setGrace(600);
  const id = await finish(page);
  const other = await browser.newPage({ baseURL: baseURL ?? "" });
  await signInTo(other, scene().colleague, `/classes/${id}`);
  await expect(strip(other)).toBeVisible();
  await page.getByRole("button", { name: "Notify now" }).click();
  await expect(strip(page)).toBeHidden();
  await expect(page.getByText("1 guardian is being notified.")).toBeVisible();
  await expect(strip(other)).toBeHidden();
  expect(await scene().published(id)).toEqual(["attendance_marked_absent", "attendance_marked_absent"]);
  await other.close();
});

test("reopening at one web process races notifying at the other: one of the two happens", async ({ page, request }) => {
  await scene().setGrace(600);
  const { urls } = ownProduct();
  const tokens: string[] = [];
  for (const who of [scene().teacher, scene().colleague])
    tokens.push((await (await request.post("/api/login", { data: who })).json()).accessToken as string);
  const ask = (n: number, path: string) =>
    request.post(`${urls[n % urls.length]}${path}`, { headers: { authorization: `Bearer ${tokens[n]}` } });
  const id = await finish(page);
  for (let round = 0; round < 12; round++) {
    const [reopened, notified] = await Promise.all([
      ask(0, `/api/attendance/${id}/reopen`),
      ask(1, `/api/attendance/${id}/notify`),
    ]);
    const published = (await scene().published(id)).length;
    if (reopened.status() === 200) {
      expect([notified.status(), published]).toEqual([409, 0]);
      const again = { classSessionId: id, records: [] };
      const headers = { authorization: `Bearer ${tokens[0]}` };
      expect((await request.post("/api/attendance/mark-bulk", { data: again, headers })).status()).toBe(200);
      continue;
    }
    expect([reopened.status(), notified.status(), published]).toEqual([409, 200, 2]);
    return;
  }
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("the class is reopened, and guardians are notified now, by forms", async ({ page }) => {
    await scene().setGrace(600);
    const { id } = await scene().newClass();
    await signInTo(page, scene().teacher, `/classes/${id}`);
    // The grid is in the markup as well, unseen; `getByText` does not look into <noscript>.
    const seen = (text: string | RegExp) =>
      expect(page.locator("main *", { hasText: text }).filter({ visible: true }).first()).toBeVisible();
    await seen("Guardians of absent students are notified 10 minutes after you finish.");
    await page.getByRole("radio", { name: "Mark of Anna Nováková: Absent" }).check();
    await page.getByRole("button", { name: "Save and finish" }).click();
    await seen(/Guardians are notified at \d\d:\d\d:\d\d\./);
    await page.getByRole("button", { name: "Reopen" }).click();
    await seen("Reopened. No one has been notified.");
    await page.getByRole("button", { name: "Save and finish" }).click();
    await page.getByRole("button", { name: "Notify now" }).click();
    await seen("Guardians are being notified.");
    await expect(page.getByRole("button", { name: "Reopen" })).toHaveCount(0);
    expect(await scene().published(id)).toEqual(["attendance_marked_absent"]);
  });
});

for (const width of [360, 1_280])
  test(`the office sets the time, and a mistake stays in the field, ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await signInAs(page, "admin", "/admin");
    await page.getByRole("link", { name: "Settings" }).click();
    test.slow();
    const field = page.getByLabel("Time to reopen a finished class, in seconds");
    await expect(field).toHaveValue("");
    await field.fill("an hour");
    await field.press("Enter");
    await expect(page.getByText("Enter a whole number from 0 to 3,600, or leave the field empty.")).toBeVisible();
    await expect(field).toHaveValue("an hour");
    await expect(field).toBeFocused();
    await expectAccessible(page);
    await field.fill("45");
    await field.press("Enter");
    await expect(page.getByText("Saved. It applies from the next class that is finished.")).toBeVisible();
    await expect(field).toHaveValue("45");
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await field.fill("");
    // The field is empty already: the answer tells that it is saved, which the next test counts on.
    const saved = page.waitForResponse((answer) => answer.request().method() === "POST");
    await field.press("Enter");
    await saved;
    await page.goto("/admin/settings");
    await expect(field).toHaveValue("");
  });
