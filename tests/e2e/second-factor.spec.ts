// The second factor as its owner meets it: an authenticator app and recovery codes.
import { expect, type Page, test } from "@playwright/test";
import { totpCode } from "@/lib/identity/factors/totp";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { createDb } from "@/lib/platform/db/client";
import { ownProduct } from "@/tests/support/e2e-products";
import { at, buildSchool } from "@/tests/support/school";
import { expectFits } from "./fits";
import { fillSignIn, signInTo } from "./sign-in";

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

/** The ten recovery codes that are shown. */
async function shownCodes(page: Page): Promise<string[]> {
  const items = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect(items).toHaveCount(10);
  return items.allTextContents();
}

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

/** Turns the authenticator on and signs out; answers the app and the recovery codes. */
async function turnOnAndLeave(page: Page, person: { email: string; password: string }) {
  await signInTo(page, person, METHODS);
  await press(page, "Turn on");
  const code = await codeOn(page);
  await page.getByLabel("Code from the app").fill(code(0));
  await press(page, "Confirm and turn on");
  const recovery = await shownCodes(page);
  await page.context().clearCookies();
  return { code, recovery };
}

test("after the password the code is asked for on a page of its own, and one comes back to where one was", async ({
  page,
  request,
}) => {
  const { student } = await scene();
  const { code, recovery } = await turnOnAndLeave(page, student);
  await page.goto("/login/second-step");
  await expect(page).toHaveURL(/\/login\?expired=1$/);
  await expect(page.getByText("That took too long. Sign in again.")).toBeVisible();

  await page.goto("/login?from=/timetable");
  await fillSignIn(page, student);
  await expect(page.getByRole("heading", { level: 1, name: "One more step" })).toBeVisible();
  const names = (await page.context().cookies()).map(({ name }) => name);
  expect(names.filter((name) => /session|refresh/.test(name))).toEqual([]);
  await page.goto("/timetable");
  await expect(page).toHaveURL(/\/login\?from/);
  await page.goBack();
  await expectFits(page);
  await press(page, "Go on");
  await expect(page.getByText("Type the code that the app shows.").first()).toBeVisible();
  await page.getByLabel("Code from the app").fill("000000");
  await press(page, "Go on");
  await expect(page.getByRole("alert").filter({ hasText: "There is a problem" })).toBeFocused();
  await expect(page).toHaveTitle(/^Error: One more step/);
  await expectFits(page);

  // With the keys alone.
  await page.getByLabel("Code from the app").focus();
  await page.keyboard.type(code(1));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/timetable$/);
  await page.context().clearCookies();

  await page.goto("/login");
  await fillSignIn(page, student);
  await page.getByText("You do not have your device?").click();
  await expectFits(page);
  await page.getByLabel("Recovery code").fill(recovery[0] ?? "");
  await press(page, "Go on");
  await expect(page).toHaveURL(/\/sections$/);

  const login = (data: object) => request.post("/api/login", { data: { ...student, ...data } });
  const without = await login({});
  expect(without.status()).toBe(401);
  expect(await without.json()).toMatchObject({ code: "second_factor_required" });
  expect(await (await login({ code: recovery[0] })).json()).toMatchObject({ code: "invalid_credentials" });
  expect((await login({ code: recovery[1] })).status()).toBe(200);
});

/** Lets the last proof of who somebody is be eleven minutes ago. */
async function letTimePass(email: string) {
  const client = createDb(ownProduct().databaseUrl, 1);
  try {
    const provedAt = new Date(Date.now() - 11 * 60_000);
    await client.authSession.updateMany({ where: { user: { email } }, data: { provedAt } });
  } finally {
    await client.$disconnect();
  }
}

test("after ten minutes a change of the factor asks who it is, and comes back", async ({ page }) => {
  const { student } = await scene();
  await signInTo(page, student, METHODS);
  await letTimePass(student.email);
  await press(page, "Turn on");
  await expect(page.getByRole("heading", { level: 1, name: "Is it you?" })).toBeVisible();
  await expect(page.getByLabel("Or a code")).toHaveCount(0);
  await expectFits(page);
  await page.getByLabel("Password", { exact: true }).fill("not this one");
  await press(page, "Go on");
  await expect(page.getByRole("alert").filter({ hasText: "There is a problem" })).toBeFocused();
  await expectFits(page);
  await page.getByLabel("Password", { exact: true }).focus();
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`${METHODS}$`));
  await press(page, "Turn on");
  const code = await codeOn(page);
  await page.getByLabel("Code from the app").fill(code(0));
  await press(page, "Confirm and turn on");
  await press(page, "I have kept them");
  await letTimePass(student.email);
  await press(page, "Make new recovery codes");
  await page.getByLabel("Or a code").fill(code(1));
  await press(page, "Go on");
  await expect(page).toHaveURL(new RegExp(`${METHODS}$`));
  await press(page, "Make new recovery codes");
  expect(await shownCodes(page)).toHaveLength(10);
});

test("the office resets the factor of who has lost it, after showing who acts", async ({ page, browser }) => {
  const { student, students, admin } = await scene();
  const theirs = await (await browser.newContext()).newPage();
  await turnOnAndLeave(theirs, student);
  await signInTo(page, { email: admin.email, password }, `/admin/people/${at(students, 0).id}`);
  await letTimePass(admin.email);
  await page.getByText("Reset the second factor", { exact: true }).click();
  await expectFits(page);
  await press(page, "Reset the second factor of Student Number0000");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await press(page, "Go on");
  await page.getByText("Reset the second factor", { exact: true }).click();
  await press(page, "Reset the second factor of Student Number0000");
  await expect(page.getByText("The second factor is reset.")).toBeVisible();
  await expect(page.getByText("Reset the second factor", { exact: true })).toHaveCount(0);
  await signInTo(theirs, student, "/timetable");
  await theirs.context().close();
});

test("the office says who must have a second factor; after the days without, it is set up first", async ({
  page,
  request,
}) => {
  const { student, admin } = await scene();
  await signInTo(page, { email: admin.email, password }, "/admin/settings");
  await page.getByRole("checkbox", { name: "Student" }).check();
  await page.getByLabel("Days to set it up").fill("100");
  await press(page, "Save second factor");
  await expect(page.getByText("Enter a whole number from 0 to 90.")).toBeVisible();
  await expectFits(page);
  await page.getByRole("checkbox", { name: "Student" }).check();
  await page.getByLabel("Days to set it up").fill("14");
  await press(page, "Save second factor");
  await expect(page.getByText("Saved. It applies from each person’s next sign-in.")).toBeVisible();
  await expect(page.getByRole("checkbox", { name: "Student" })).toBeChecked();
  await page.context().clearCookies();

  await signInTo(page, student, "/timetable");
  await expect(page.getByText(/14 days are left\./)).toBeVisible();
  await expectFits(page);
  const client = createDb(ownProduct().databaseUrl, 1);
  await client.user.updateMany({ where: { email: student.email }, data: { factorAskedAt: new Date(0) } });
  await client.$disconnect();
  const login = (await (await request.post("/api/login", { data: student })).json()) as { accessToken: string };
  const headers = { authorization: `Bearer ${login.accessToken}` };
  const refused = await request.get("/api/me", { headers });
  expect(refused.status()).toBe(403);
  expect(await refused.json()).toMatchObject({ code: "second_factor_setup_required" });
  expect((await request.post("/api/logout", { headers })).status()).toBe(204);

  await page.context().clearCookies();
  await signInTo(page, student, METHODS);
  await page.goto("/timetable");
  await expect(page).toHaveURL(new RegExp(`${METHODS}$`));
  await expect(page.getByText("Before you go on, add a passkey")).toBeVisible();
  await expectFits(page);
  await press(page, "Turn on");
  await page.getByLabel("Code from the app").fill((await codeOn(page))());
  await press(page, "Confirm and turn on");
  await shownCodes(page);
  await page.goto("/timetable");
  await expect(page).toHaveURL((url) => url.pathname === "/timetable");
  await expect(page.getByText(/days are left/)).toHaveCount(0);
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

  test("the second step of signing in is a plain form", async ({ page }) => {
    const { student } = await scene();
    const { code, recovery } = await turnOnAndLeave(page, student);
    await page.goto("/login?from=/timetable");
    await fillSignIn(page, student);
    await page.getByLabel("Code from the app").fill("12");
    await press(page, "Go on");
    await expect(page).toHaveTitle(/^Error: One more step/);
    await page.getByLabel("Code from the app").fill(code(1));
    await press(page, "Go on");
    await expect(page).toHaveURL(/\/timetable$/);
    await page.context().clearCookies();
    await page.goto("/login");
    await fillSignIn(page, student);
    await page.getByText("You do not have your device?").click();
    await page.getByLabel("Recovery code").fill(recovery[0] ?? "");
    await press(page, "Go on");
    await expect(page).toHaveURL(/\/sections$/);
  });
});
