// Passwords as their owner meets them: changing one, forgetting one, the one that the school gave, and where one is signed in.
import { expect, type Page, test } from "@playwright/test";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { createDb } from "@/lib/platform/db/client";
import { ownProduct } from "@/tests/support/e2e-products";
import { at, buildSchool } from "@/tests/support/school";
import { expectAccessible } from "./attendance-scene";
import { expectFits } from "./fits";
import { mailsTo } from "./kept-mails";
import { fillSignIn, signInTo } from "./sign-in";

const before = "e2e words before";
const after = "the fog lifts at noon";
/** A student of a school of their own, who can sign in. */
async function someone({ isInitial = false } = {}): Promise<{ email: string; password: string }> {
  const client = createDb(ownProduct().databaseUrl, 1);
  try {
    const student = at((await buildSchool(client, { students: 1 })).students, 0);
    const data = { passwordHash: await hashPassword(before), passwordInitial: isInitial };
    await client.user.update({ where: { id: student.id }, data });
    return { email: student.email, password: before };
  } finally {
    await client.$disconnect();
  }
}

async function subjectsTo(address: string, ...subjects: RegExp[]): Promise<void> {
  await expect
    .poll(() => mailsTo(address).map(({ subject }) => subject), { timeout: 20_000 })
    .toEqual(subjects.map((subject): unknown => expect.stringMatching(subject)));
}

const linkFor = (address: string) => /http\S+\/reset\/\S+/.exec(mailsTo(address)[0]?.text ?? "")?.[0] ?? "";

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

test("my account is in the account menu; changing the password signs out everywhere else and is told by mail", async ({
  page,
  browser,
}) => {
  const person = await someone();
  const elsewhere = await (await browser.newContext()).newPage();
  await signInTo(elsewhere, person, "/timetable");
  await signInTo(page, person, "/timetable");
  await page.getByRole("button", { name: /^account/i }).click();
  await page.getByRole("link", { name: "My account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "My account" })).toBeVisible();
  await expect(page.getByText(person.email)).toBeVisible();
  await expect(page.getByRole("link", { name: "My account" })).toBeHidden();
  await expectFits(page);

  await page.getByLabel("Current password").fill("not this one");
  await page.getByLabel("New password").fill(after);
  await press(page, "Change password");
  await expect(page.getByRole("alert").filter({ hasText: "There is a problem" })).toBeFocused();
  await expect(page.getByLabel("Current password")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Current password")).toHaveValue("");
  await page.getByLabel("Current password").fill(before);
  await page.getByLabel("New password").fill("Password123!");
  await press(page, "Change password");
  await expect(page.getByText(/This password is easy to guess/).first()).toBeVisible();
  await expectAccessible(page);

  // What is typed is judged in words, for the eye and the ear.
  const strength = page.getByRole("status").filter({ hasText: /guess|characters/ });
  for (const [typed, said] of [
    ["drag", "4 of at least 10 characters."],
    ["dragon2026", "Easy to guess: a common word with a little added. Add another word."],
    [after, "Hard to guess."],
  ] as const) {
    await page.getByLabel("New password").fill(typed);
    await expect(strength).toHaveText(said);
  }
  await expectAccessible(page);

  // With the keys alone.
  await page.getByLabel("New password").fill("");
  await page.getByLabel("Current password").focus();
  await page.keyboard.type(before);
  await page.getByLabel("New password").focus();
  await page.keyboard.type(after);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Your password was changed. You are signed out everywhere else.")).toBeVisible();
  await elsewhere.goto("/timetable");
  await expect(elsewhere).toHaveURL(/\/login/);
  await elsewhere.context().close();
  await subjectsTo(person.email, /^Your password was changed – /);
  await signInTo(page, { ...person, password: after }, "/timetable");
});

test("where one is signed in: each place is named, and can be ended, one or all others", async ({ page, browser }) => {
  const person = await someone();
  const userAgent = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0";
  const phone = await (await browser.newContext({ userAgent })).newPage();
  await signInTo(phone, person, "/timetable");
  await signInTo(page, person, "/account");
  const list = page.getByRole("region", { name: "Where you are signed in" });
  await expect(list.getByRole("listitem")).toHaveCount(2);
  await expect(list.getByRole("listitem").first()).toContainText("This device");
  await list.getByRole("button", { name: /^Sign out Firefox on Android/ }).click();
  await expect(list.getByText("Signed out there.")).toBeVisible();
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await expect(async () => {
    await phone.goto("/timetable");
    await expect(phone).toHaveURL(/\/login/, { timeout: 500 });
  }).toPass({ timeout: 5_000 });
  await phone.context().close();

  // Signing in anew in one browser leaves no session behind.
  await signInTo(page, person, "/account");
  await expect(list.getByRole("listitem")).toHaveCount(1);

  const others = await Promise.all([1, 2].map(() => browser.newContext()));
  for (const other of others) await signInTo(await other.newPage(), person, "/timetable");
  await page.reload();
  await expect(list.getByRole("listitem")).toHaveCount(3);
  await expectFits(page);
  await press(page, "Sign out everywhere else");
  await expect(list.getByText("You are signed out everywhere else.")).toBeVisible();
  await expect(list.getByRole("listitem")).toHaveCount(1);
  for (const other of others) await other.close();
});

test("a forgotten password is reset by the link in the mail, once, and the newest link alone", async ({
  page,
  browser,
}) => {
  const person = await someone();
  const elsewhere = await (await browser.newContext()).newPage();
  await signInTo(elsewhere, person, "/timetable");
  await page.goto("/login");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Forgot your password?" })).toBeVisible();
  await press(page, "Email me a link");
  await expect(page.getByText("Enter your email address.").first()).toBeVisible();
  await expect(page).toHaveTitle(/^Error: /);
  await expectFits(page);
  await page.getByLabel("Email address").fill(person.email);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Check your email" })).toBeVisible();
  await expect(page).toHaveTitle(/^Check your email/);
  await expectFits(page);
  await subjectsTo(person.email, /^Choose a new password – /);
  const old = linkFor(person.email);
  await page.goto("/forgot");
  await page.getByLabel("Email address").fill(person.email.toUpperCase());
  await press(page, "Email me a link");
  await subjectsTo(person.email, /^Choose/, /^Choose/);
  const link = linkFor(person.email);

  await page.goto(old);
  await expect(page.getByRole("heading", { name: "This link no longer works" })).toBeVisible();
  await expectFits(page);
  const answer = await page.goto(link);
  expect(answer?.headers()["referrer-policy"]).toBe("strict-origin");
  await expect(page.getByText(person.email)).toBeVisible();
  await page.getByLabel("New password").fill("1234qwer12");
  await press(page, "Save new password");
  await expect(page.getByLabel("New password")).toHaveAttribute("aria-invalid", "true");
  await expectFits(page);
  await page.getByLabel("New password").fill(after);
  await press(page, "Save new password");
  await expect(page.getByText("Your password was changed.")).toBeVisible();
  await expectFits(page);
  await fillSignIn(page, { ...person, password: after });
  await expect(page).toHaveURL(/\/sections$/);
  await elsewhere.goto("/timetable");
  await expect(elsewhere).toHaveURL(/\/login/);
  await elsewhere.context().close();
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "This link no longer works" })).toBeVisible();
  await subjectsTo(person.email, /^Your password was reset – /, /^Choose/, /^Choose/);
});

test("an address that nobody has is answered alike, until it was tried too often", async ({ page }) => {
  const email = `nobody-${Date.now()}@example.org`;
  const ask = async () => {
    await page.goto("/forgot");
    await page.getByLabel("Email address").fill(email);
    await press(page, "Email me a link");
  };
  for (let n = 0; n < 3; n++) {
    await ask();
    await expect(page.getByRole("heading", { level: 1, name: "Check your email" })).toBeVisible();
  }
  await ask();
  await expect(page.getByText("Too many tries. Wait 15 minutes, then try again.")).toBeVisible();
  await expect(page.getByLabel("Email address")).toHaveValue(email);
  expect(mailsTo(email)).toEqual([]);
});

test("who signs in with the school's password is asked to choose their own, and may leave it for later", async ({
  page,
}) => {
  const person = await someone({ isInitial: true });
  const step = page.getByRole("heading", { level: 1, name: "Choose your own password" });
  await page.goto("/login?from=/timetable");
  await fillSignIn(page, person);
  await expect(page).toHaveURL(/\/timetable$/);
  await page.context().clearCookies();

  await page.goto("/login");
  await fillSignIn(page, person);
  await expect(step).toBeVisible();
  await expectFits(page);
  await press(page, "Not now");
  await expect(page).toHaveURL(/\/sections\??$/);
  await page.goto("/account");
  await expect(page.getByText(/^You still have the password from your school/)).toBeVisible();
  await page.context().clearCookies();

  await page.goto("/login");
  await fillSignIn(page, person);
  await expect(step).toBeVisible();
  await page.getByLabel("New password").fill(before);
  await press(page, "Save and go on");
  await expect(page.getByText("This is the password you have now. Choose another.").first()).toBeVisible();
  await page.getByLabel("New password").fill(after);
  await press(page, "Save and go on");
  await expect(page).toHaveURL(/\/sections$/);
  await page.context().clearCookies();
  await page.goto("/login");
  await fillSignIn(page, { ...person, password: after });
  await expect(page).toHaveURL(/\/sections$/);
});

test("programs sign in with the school's password as ever", async ({ request }) => {
  const person = await someone({ isInitial: true });
  const answer = await request.post("/api/login", { data: person });
  expect(answer.status()).toBe(200);
  expect(Object.keys((await answer.json()) as object)).not.toContain("hasInitialPassword");
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("a password is forgotten, reset, refused and changed by plain forms", async ({ page }) => {
    const person = await someone();
    await page.goto("/forgot");
    await page.getByLabel("Email address").fill(person.email);
    await press(page, "Email me a link");
    await expect(page.getByRole("heading", { level: 1, name: "Check your email" })).toBeVisible();
    await subjectsTo(person.email, /^Choose/);
    await page.goto(linkFor(person.email));
    await page.getByLabel("New password").fill("student2026");
    await press(page, "Save new password");
    await expect(page.getByLabel("New password")).toHaveAttribute("aria-invalid", "true");
    await page.getByLabel("New password").fill(after);
    await press(page, "Save new password");
    await fillSignIn(page, { ...person, password: after });
    await page.goto("/account");
    await page.getByLabel("Current password").fill(after);
    await page.getByLabel("New password").fill("another foggy day");
    await press(page, "Change password");
    await expect(page.getByText("Your password was changed. You are signed out everywhere else.")).toBeVisible();
  });
});
