// Signing in: with the mouse, with the keys alone, on a phone, in the dark, without a connection, without script.
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "./attendance-scene";
import { demoAccount } from "./demo-people";
import { REFRESH } from "./session-cookies";

const wrongText = "Your email or password is not right. Check both and try again.";

test.describe("the sign-in page", () => {
  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [360, 1280])
      test(`has no accessibility fault, ${colorScheme}, ${width} px, empty and with errors`, async ({ browser }) => {
        const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
        const page = await context.newPage();
        await page.goto("/login?from=/sections&signedOut=1");
        await expectAccessible(page);
        await page.getByRole("button", { name: "Sign in", exact: true }).click();
        await expect(page.getByText("Enter your email address.").first()).toBeVisible();
        await expectAccessible(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
        await context.close();
      });

  test("keeps the email, clears the password and moves to the summary when the password is wrong", async ({ page }) => {
    await page.goto("/login");
    await fill(page, demoAccount("student").email, "not the password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    const summary = page.getByRole("alert").filter({ hasText: wrongText });
    await expect(summary).toBeFocused();
    await expect(page).toHaveTitle(/^Error: Sign in/);
    await expect(page.getByLabel("Email address")).toHaveValue(demoAccount("student").email);
    await expect(password(page)).toHaveValue("");
    await expect(page.getByLabel("Email address")).toHaveAttribute("aria-invalid", "true");
    expect(new URL(page.url()).search).toBe("");
  });

  for (const javaScriptEnabled of [true, false])
    test(`says how long to wait after too many wrong passwords, and another way, ${javaScriptEnabled ? "with" : "without"} script`, async ({
      browser,
    }) => {
      const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 360, height: 800 } });
      const page = await context.newPage();
      await page.goto("/login");
      const email = `nobody-${javaScriptEnabled}@demo.campusos.example`;
      for (let n = 0; n < 5; n++) {
        await fill(page, email, `guess ${n}`);
        await page.getByRole("button", { name: "Sign in", exact: true }).click();
        // The form is emptied when the answer is shown: what is typed before that is lost.
        await expect(password(page)).toHaveValue("");
        await expect(page.getByRole("alert").filter({ hasText: wrongText })).toBeVisible();
      }
      await fill(page, email, "one more");
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      const refused = page.getByRole("alert").filter({ hasText: "Too many wrong tries. Wait 1 minute, or choose" });
      await expect(refused).toBeFocused();
      await expect(page.getByRole("link", { name: "Forgot your password?" })).toBeVisible();
      if (javaScriptEnabled) await expectAccessible(page);
      await context.close();
      const other = await browser.newContext();
      const answer = await other.request.post("/api/login", { data: { email, password: "again" } });
      expect(answer.status()).toBe(429);
      expect(Number(answer.headers()["retry-after"])).toBeGreaterThan(0);
      expect(await answer.json()).toMatchObject({ code: "too_many_attempts" });
      await other.close();
    });

  test("needs only the keyboard, and goes back to where the person came from", async ({ page }) => {
    await page.goto("/timetable");
    await expect(page).toHaveURL(/\/login\?from=%2Ftimetable$/);
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(page.getByLabel("Email address")).toBeFocused();
    await page.keyboard.type(demoAccount("student").email);
    await page.keyboard.press("Tab");
    await page.keyboard.type(demoAccount("student").password);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/timetable$/);
  });

  test("shows the password on demand and hides it again before it is sent", async ({ page }) => {
    await page.goto("/login");
    await fill(page, demoAccount("student").email, "secret words");
    await page.getByRole("button", { name: /show/i }).click();
    await expect(page.locator("#password")).toHaveAttribute("type", "text");
    await page.getByLabel("Email address").press("Enter");
    await expect(page.locator("#password")).toHaveAttribute("type", "password");
  });

  test("names the place that signing in leads back to", async ({ page }) => {
    for (const [path, words] of [
      ["/family", "Sign in to see your children."],
      ["/classes/some-class?show=all", "Sign in to go back to the class you were marking."],
      ["/nowhere", "Sign in to go back to where you were."],
    ] as const) {
      await page.goto(`/login?${new URLSearchParams({ from: path }).toString()}`);
      await expect(page.getByText(words)).toBeVisible();
    }
    await page.goto("/login");
    await expect(page.getByText(/^Sign in to go back/)).toHaveCount(0);
  });

  test("says that there is no connection, keeps what was typed, and goes on when it is back", async ({
    page,
    context,
  }) => {
    await page.goto("/login");
    const { email, password: secret } = demoAccount("guardian");
    await fill(page, email, secret);
    const note = page.getByRole("alert").filter({ hasText: "You are offline" });
    await expect(note).toBeHidden();
    await context.setOffline(true);
    await expect(note).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(note).toBeFocused();
    await expect(page.getByLabel("Email address")).toHaveValue(email);
    await expect(password(page)).toHaveValue(secret);
    await context.setOffline(false);
    await expect(note).toBeHidden();
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page).toHaveURL(/\/family$/);
  });

  test("goes back to paths of this site only", async ({ page }) => {
    await page.goto("/login?from=//evil.example/x");
    await fill(page, demoAccount("teacher").email, demoAccount("teacher").password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page).toHaveURL(/\/today$/);
  });

  test("offers the four demo accounts, each in one press", async ({ browser }) => {
    const homes = { student: /\/sections$/, teacher: /\/today$/, guardian: /\/family$/, admin: /\/admin$/ };
    for (const [role, home] of Object.entries(homes)) {
      const page = await browser.newPage();
      await page.goto("/login");
      await page.getByRole("button", { name: new RegExp(`^${role}$`, "i") }).click();
      await expect(page).toHaveURL(home);
      await page.close();
    }
  });

  test("sends on who is signed in, and shows no error in the browser's console", async ({ page }) => {
    const faults: string[] = [];
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    page.on("pageerror", (error) => faults.push(error.message));
    await page.goto("/login");
    await fill(page, demoAccount("guardian").email, demoAccount("guardian").password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page).toHaveURL(/\/family$/);
    await page.goto("/login");
    await expect(page).toHaveURL(/\/family$/);
    await page.goto("/");
    await expect(page).toHaveURL(/\/family$/);
    expect(faults).toEqual([]);
  });
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("signs in, tells errors, and signs out", async ({ page, context }) => {
    await page.goto("/login?from=/timetable");
    await fill(page, demoAccount("student").email, "wrong");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("alert").filter({ hasText: wrongText })).toBeVisible();
    await expect(page).toHaveTitle(/^Error: Sign in/);
    await expect(page.getByLabel("Email address")).toHaveValue(demoAccount("student").email);
    await expect(password(page)).toHaveValue("");
    await password(page).fill(demoAccount("student").password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page).toHaveURL(/\/timetable$/);
    await page.getByRole("button", { name: /^account/i }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByText("You are signed out.")).toBeVisible();
    expect((await context.cookies()).map(({ name }) => name)).not.toContain(REFRESH);
  });
});

function password(page: Page) {
  return page.locator("#password");
}

async function fill(page: Page, email: string, secret: string): Promise<void> {
  await page.getByLabel("Email address").fill(email);
  await password(page).fill(secret);
}
