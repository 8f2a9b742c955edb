// The second factor as its owner meets it: an authenticator app and recovery codes.
import { expect, type Page, test } from "@playwright/test";
import { totpCode } from "@/lib/identity/factors/totp";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { createDb } from "@/lib/platform/db/client";
import { ownProduct } from "@/tests/support/e2e-products";
import { at, buildSchool } from "@/tests/support/school";
import { expectFits } from "./fits";
import { signInTo } from "./sign-in";

const password = "the fog lifts at noon";
const METHODS = "/account/sign-in-methods";

/** A school of its own, in which everybody has a password. */
async function scene() {
  const client = createDb(ownProduct().databaseUrl, 1);
  try {
    const school = await buildSchool(client, { students: 1, teachers: 1 });
    const data = { passwordHash: await hashPassword(password) };
    await client.user.updateMany({ where: { schoolId: school.school.id }, data });
    return { ...school, student: { email: at(school.students, 0).email, password } };
  } finally {
    await client.$disconnect();
  }
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

/** The code that an app with the secret on the page shows, some steps from now. */
async function codeOn(page: Page): Promise<(ahead?: number) => string> {
  const shown = (await page.getByText(/^(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}$/).textContent()) ?? "";
  let bits = "";
  for (const letter of shown.replaceAll(" ", ""))
    bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  return (ahead = 0) => totpCode(secret, Math.floor(Date.now() / 30_000) + ahead);
}

const shownCodes = (page: Page) =>
  page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").allTextContents();

test("an authenticator is turned on with a code, its recovery codes are shown once, and it is turned off", async ({
  page,
}) => {
  const { student } = await scene();
  await signInTo(page, student, "/account");
  await page.getByRole("link", { name: "Open ways to sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Ways to sign in" })).toBeVisible();
  await expectFits(page);
  await press(page, "Turn on");
  await expect(page.getByText("Then type the six digits")).toBeVisible();
  await expectFits(page);
  const code = await codeOn(page);
  const field = page.getByLabel("Code from the app");
  await expect(field).toHaveAttribute("autocomplete", "one-time-code");
  await field.fill("12345");
  await press(page, "Confirm and turn on");
  await expect(page.getByRole("alert").filter({ hasText: "There is a problem" })).toBeFocused();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expectFits(page);

  // With the keys alone.
  await field.focus();
  await page.keyboard.type(code());
  await page.keyboard.press("Enter");
  await expect(page.getByText("The authenticator app is turned on")).toBeVisible();
  const first = await shownCodes(page);
  expect(new Set(first).size).toBe(10);
  await expectFits(page);
  await press(page, "I have kept them");
  await expect(page.getByText(/You have 10 recovery codes left\./)).toBeVisible();
  expect(await page.content()).not.toContain(first[0]);
  await expectFits(page);

  await press(page, "Make new recovery codes");
  await expect(page.getByText("You have new recovery codes")).toBeVisible();
  const second = await shownCodes(page);
  expect(second).toHaveLength(10);
  expect(second).not.toContain(first[0]);
  await press(page, "I have kept them");
  await page.getByText("Turn off the authenticator app", { exact: true }).click();
  await press(page, "Turn off");
  await expect(page.getByText("The authenticator app is turned off.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Turn on" })).toBeVisible();
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("an authenticator is turned on and off by plain forms", async ({ page }) => {
    const { student } = await scene();
    await signInTo(page, student, METHODS);
    await press(page, "Turn on");
    await press(page, "Cancel");
    await press(page, "Turn on");
    const code = await codeOn(page);
    await page.getByLabel("Code from the app").fill("12345");
    await press(page, "Confirm and turn on");
    await expect(page.getByText("This code is not right.").first()).toBeVisible();
    await page.getByLabel("Code from the app").fill(code());
    await press(page, "Confirm and turn on");
    expect(await shownCodes(page)).toHaveLength(10);
    await press(page, "I have kept them");
    await press(page, "Make new recovery codes");
    expect(await shownCodes(page)).toHaveLength(10);
    await press(page, "I have kept them");
    await page.getByText("Turn off the authenticator app", { exact: true }).click();
    await press(page, "Turn off");
    await expect(page.getByText("The authenticator app is turned off.")).toBeVisible();
  });
});
