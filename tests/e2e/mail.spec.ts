// E-mail as a person has it: asked for under Alerts, kept where no mail server is set, and ended from the mail itself.
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "./attendance-scene";
import { signInTo } from "./sign-in";
import { cell, gridScene } from "./grid-page";

const { scene, open } = gridScene();
const choice = (page: Page) => page.getByRole("checkbox", { name: "Absence by Email" });

test("a guardian asks for mail, an absence is mailed, and the link in the mail ends it without signing in", async ({
  page,
  browser,
}) => {
  test.slow();
  await scene().setGrace(0);
  await signInTo(page, scene().guardian, "/preferences");
  await expect(choice(page)).not.toBeChecked();
  await expect(page.getByText(`Emails go to ${scene().guardian.email}.`)).toBeVisible();
  await choice(page).check();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 800 });
  // The table keeps the page's margins and need not be scrolled.
  const table = await page.getByRole("table", { name: "Alerts by channel" }).boundingBox();
  expect((table?.x ?? 0) + (table?.width ?? 999)).toBeLessThanOrEqual(360 - 16);
  await page.screenshot({ path: test.info().outputPath("alerts-360.png"), fullPage: true });
  await page.setViewportSize({ width: 1_280, height: 800 });

  const teacher = await (await browser.newContext()).newPage();
  await open(teacher);
  await cell(teacher, "Anna Nováková").focus();
  await teacher.keyboard.press("a");
  await teacher.keyboard.press("Control+Enter");
  await expect(teacher.getByText("29 present · 1 absent.")).toBeVisible();
  await teacher.context().close();

  const office = await (await browser.newContext()).newPage();
  await signInTo(office, scene().admin, "/admin");
  await office.getByRole("link", { name: "Kept emails" }).click();
  await expect(office.getByRole("heading", { level: 1, name: "Kept emails" })).toBeVisible();
  await expect(async () => {
    await office.reload();
    await expect(office.getByText(scene().guardian.email)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await office.getByText(/^Attendance update – Test School/).click();
  const mail = (await office.getByText(/^Anna was absent from /).textContent()) ?? "";
  expect(mail).toContain("Stop emails about absences: http");
  for (const [colorScheme, width] of [
    ["light", 1_280],
    ["dark", 360],
  ] as const) {
    await office.emulateMedia({ colorScheme });
    await office.setViewportSize({ width, height: 800 });
    await expectAccessible(office);
    expect(await office.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await office.screenshot({ path: test.info().outputPath(`kept-${width}.png`), fullPage: true });
  }
  await office.context().close();

  const link = /Stop emails about absences: (\S+)/.exec(mail)?.[1] ?? "";
  const stranger = await browser.newContext({ javaScriptEnabled: false });
  const plain = await stranger.newPage();
  await plain.goto(link);
  await expect(plain.getByRole("heading", { name: "Stop emails about absences?" })).toBeVisible();
  await page.reload();
  await expect(choice(page)).toBeChecked(); // opening it changed nothing
  await plain.getByRole("button", { name: "Stop these emails" }).click();
  await expect(plain.getByText("Done. You get no more of these emails.")).toBeVisible();
  await stranger.close();
  await page.reload();
  await expect(choice(page)).not.toBeChecked();
});

for (const [colorScheme, width] of [
  ["light", 360],
  ["dark", 1_280],
] as const)
  test(`a link that is not whole says so, ${colorScheme}, ${width} px`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.goto("/unsubscribe/abc.def");
    await expect(page.getByRole("heading", { name: "This link does not work" })).toBeVisible();
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.screenshot({ path: test.info().outputPath("bad.png") });
    expect((await page.request.post("/api/unsubscribe/abc.def")).status()).toBe(404);
  });

test("the office sends invitations by mail, and the link in one lets its student in", async ({ page, browser }) => {
  test.slow();
  await signInTo(page, scene().admin, "/admin/invitations");
  await page.getByLabel("For whom").selectOption("Students");
  await page.getByRole("button", { name: "Send by email" }).click();
  await expect(page.getByText("30 emails are on their way.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Send by email" }).click();
  await expect(page.getByText("All of them have a link that works, or a password.")).toBeVisible();

  await page.goto("/admin/mail");
  const mails = page.getByText("Your account at Test School");
  await expect(async () => {
    await page.reload();
    await expect(mails.first()).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await mails.first().click();
  const mail =
    (await page
      .getByText(/The school has made an account for you\./)
      .first()
      .textContent()) ?? "";
  expect(mail).toContain("for 30 days");
  const student = await (await browser.newContext()).newPage();
  await student.goto(/http:\S+\/invite\/\S+/.exec(mail)?.[0] ?? "");
  await student.getByLabel("New password").fill("four words in a row");
  await student.getByRole("button", { name: "Save and sign in" }).click();
  await student.waitForURL((url) => url.pathname === "/sections");
  await student.context().close();
});
