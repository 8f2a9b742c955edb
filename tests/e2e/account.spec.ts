// My account: name, another e-mail address by the link in a mail, theme, and what is kept of a person.
import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { createDb } from "@/lib/platform/db/client";
import { ownProduct } from "@/tests/support/e2e-products";
import { at, buildSchool } from "@/tests/support/school";
import { expectFits } from "./fits";
import { mailsTo } from "./kept-mails";
import { signInTo } from "./sign-in";

const password = "the fog lifts at noon";

async function scene() {
  const client = createDb(ownProduct().databaseUrl, 1);
  try {
    const school = await buildSchool(client, { students: 1, sections: [{ enrolled: [0] }] });
    const passwordHash = await hashPassword(password);
    await client.user.updateMany({ where: { schoolId: school.school.id }, data: { passwordHash } });
    await client.user.update({ where: { id: school.admin.id }, data: { sourcedId: null } });
    return { admin: school.admin, student: at(school.students, 0), section: at(school.sections, 0) };
  } finally {
    await client.$disconnect();
  }
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

test("another address is confirmed by the link in a mail, and the one before is told", async ({ page }) => {
  const { student } = await scene();
  const wanted = `new.${student.id.slice(-8)}@test.campusos.example`;
  await signInTo(page, { email: student.email, password }, "/account");
  await page.getByText("Change the email address").click();
  const form = page.locator("form").filter({ has: page.getByLabel("New email address") });
  await page.getByLabel("New email address").fill("no address");
  await form.getByLabel("Your password").fill("not this one");
  await press(page, "Send the link");
  await expect(page.getByText("Enter an email address, like name@school.example").first()).toBeVisible();
  await expectFits(page);
  await page.getByLabel("New email address").fill(wanted);
  await form.getByLabel("Your password").fill(password);
  await page.keyboard.press("Enter");
  await expect(page.getByText(`A link is on its way to ${wanted}.`)).toBeVisible();

  await expect.poll(() => mailsTo(wanted).length, { timeout: 20_000 }).toBe(1);
  const link = /http\S+\/confirm-email\/\S+/.exec(mailsTo(wanted)[0]?.text ?? "")?.[0] ?? "";
  await page.goto(new URL(link).pathname);
  await expect(page.getByText(`From now on you sign in with ${wanted}`)).toBeVisible();
  await expectFits(page);
  await press(page, "Use this address");
  await expect(page.getByRole("heading", { name: "Your email address is changed" })).toBeVisible();
  await page.goto(new URL(link).pathname);
  await expect(page.getByRole("heading", { name: "This link no longer works" })).toBeVisible();
  await expect
    .poll(() => mailsTo(student.email).map(({ subject }) => subject), { timeout: 20_000 })
    .toEqual([expect.stringMatching(/^Your email address was changed – /)]);
  await page.context().clearCookies();
  await signInTo(page, { email: wanted, password }, "/account");
});

test("name and theme are kept, and everything that is kept of a person comes as a file", async ({ page }) => {
  const { admin } = await scene();
  await signInTo(page, { email: admin.email, password }, "/account");
  await page.getByLabel("First name").fill("");
  await press(page, "Save name");
  await expect(page.getByText("Enter your first name").first()).toBeVisible();
  await page.getByLabel("First name").fill("Ida");
  await press(page, "Save name");
  await expect(page.getByText("Your name is saved.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^account/i })).toContainText("Ida");
  await page.getByRole("radio", { name: "Dark" }).check();
  await press(page, "Save theme");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expectFits(page);

  const downloading = page.waitForEvent("download");
  await press(page, "Get the file");
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^campusos-my-data-\d{4}-\d\d-\d\d\.json$/);
  const data = JSON.parse(readFileSync(await download.path(), "utf8")) as {
    account: { email: string };
    log: unknown[];
  };
  expect(data.account.email).toBe(admin.email);
  expect(data.log.length).toBeGreaterThan(0);
});

test("a student's name is the roster's; what is kept has classes and marks", async ({ page, request }) => {
  const { student, section } = await scene();
  await signInTo(page, { email: student.email, password }, "/account");
  await expect(page.getByLabel("First name")).toHaveCount(0);
  await expect(page.getByText(/come from the school/)).toBeVisible();
  const data = (await (await page.request.get("/api/me/data")).json()) as { enrollments: { section: string }[] };
  expect(data.enrollments.map(({ section: code }) => code)).toEqual([section.code]);
  expect((await request.get("/api/me/data")).status()).toBe(401);
});
