// Signing in and out: with the mouse, with the keys alone, on a phone, in the dark, without script; and what a session
// does while it lives.
import { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import accounts from "@/prisma/seed/accounts.json" with { type: "json" };

const ACCESS = "next-auth.session-token";
const REFRESH = "campusos.refresh-token";
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
    await fill(page, account("student").email, "not the password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    const summary = page.getByRole("alert").filter({ hasText: wrongText });
    await expect(summary).toBeFocused();
    await expect(page).toHaveTitle(/^Error: Sign in/);
    await expect(page.getByLabel("Email address")).toHaveValue(account("student").email);
    await expect(password(page)).toHaveValue("");
    await expect(page.getByLabel("Email address")).toHaveAttribute("aria-invalid", "true");
    expect(new URL(page.url()).search).toBe("");
  });

  test("needs only the keyboard, and goes back to where the person came from", async ({ page }) => {
    await page.goto("/timetable");
    await expect(page).toHaveURL(/\/login\?from=%2Ftimetable$/);
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(page.getByLabel("Email address")).toBeFocused();
    await page.keyboard.type(account("student").email);
    await page.keyboard.press("Tab");
    await page.keyboard.type(account("student").password);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/timetable$/);
  });

  test("shows the password on demand and hides it again before it is sent", async ({ page }) => {
    await page.goto("/login");
    await fill(page, account("student").email, "secret words");
    await page.getByRole("button", { name: /show/i }).click();
    await expect(page.locator("#password")).toHaveAttribute("type", "text");
    await page.getByLabel("Email address").press("Enter");
    await expect(page.locator("#password")).toHaveAttribute("type", "password");
  });

  test("names the place that signing in leads back to", async ({ page }) => {
    for (const [path, words] of [
      ["/family", "Sign in to go back to your children."],
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
    const { email, password: secret } = account("guardian");
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
    await fill(page, account("teacher").email, account("teacher").password);
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
    await fill(page, account("guardian").email, account("guardian").password);
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
    await fill(page, account("student").email, "wrong");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("alert").filter({ hasText: wrongText })).toBeVisible();
    await expect(page).toHaveTitle(/^Error: Sign in/);
    await expect(page.getByLabel("Email address")).toHaveValue(account("student").email);
    await expect(password(page)).toHaveValue("");
    await password(page).fill(account("student").password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page).toHaveURL(/\/timetable$/);
    await page.getByRole("button", { name: /^account/i }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByText("You are signed out.")).toBeVisible();
    expect((await context.cookies()).map(({ name }) => name)).not.toContain(REFRESH);
  });
});

test.describe("a session", () => {
  test("lives in cookies that no script can read", async ({ page, context }) => {
    await signInAs(page, "teacher");
    for (const name of [ACCESS, REFRESH]) {
      const cookie = (await context.cookies()).find((each) => each.name === name);
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
    }
    expect(await page.evaluate(() => document.cookie)).not.toContain("token");
  });

  test("is renewed by the next request when the access token is gone, also by many at once", async ({
    page,
    context,
  }) => {
    await signInAs(page, "teacher");
    const before = await valueOf(context, REFRESH);
    await context.clearCookies({ name: ACCESS });
    const answers = await Promise.all(Array.from({ length: 8 }, () => context.request.get("/api/me")));
    expect(answers.map((answer) => answer.status())).toEqual(Array.from({ length: 8 }, () => 200));
    const after = await valueOf(context, REFRESH);
    expect(after).not.toBe(before);
    await page.goto("/today");
    await expect(page).toHaveURL(/\/today$/);
    expect((await context.request.get("/api/auth/session")).ok()).toBe(true);
  });

  test("goes on when the answer that renewed it never arrived", async ({ page, context, request }) => {
    await signInAs(page, "teacher");
    const spent = await valueOf(context, REFRESH);
    await context.clearCookies({ name: ACCESS });
    // Somebody else gets the new cookies: this browser's click was followed by another one.
    expect((await request.get("/api/me", { headers: { cookie: `${REFRESH}=${spent}` } })).status()).toBe(200);
    expect((await context.request.get("/api/me")).status()).toBe(200);
    expect(await valueOf(context, REFRESH)).not.toBe(spent); // the spent one would be taken for theft next time
  });

  test("that a thief has renewed ends for both", async ({ page, context, browser }) => {
    await signInAs(page, "teacher");
    const refreshToken = await valueOf(context, REFRESH);
    const thief = await browser.newContext();
    const stolen = await thief.request.post("/api/token/refresh", { data: { refreshToken } });
    const { accessToken } = (await stolen.json()) as { accessToken: string };
    // The owner's program spends its copy: no grace there.
    const again = await thief.request.post("/api/token/refresh", { data: { refreshToken } });
    expect(await again.json()).toMatchObject({ code: "refresh_token_reused" });
    const headers = { authorization: `Bearer ${accessToken}` };
    await expect.poll(async () => (await thief.request.get("/api/me", { headers })).status()).toBe(401);
    await page.goto("/today");
    await expect(page).toHaveURL(/\/login/);
    await thief.close();
  });

  test("that ended on one process is refused by the other within a second", async ({ request }) => {
    const [, other] = (process.env["CAMPUS_E2E_URLS"] ?? "").split(",");
    const { email, password: secret } = account("admin");
    const login = await request.post("/api/login", { data: { email, password: secret } });
    const { accessToken } = (await login.json()) as { accessToken: string };
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await request.get(`${other}/api/me`, { headers })).status()).toBe(200);
    expect((await request.post("/api/logout", { headers })).status()).toBe(204);
    const endedAt = Date.now();
    expect((await request.get("/api/me", { headers })).status()).toBe(401);
    await expect
      .poll(async () => (await request.get(`${other}/api/me`, { headers })).status(), { intervals: [20] })
      .toBe(401);
    expect(Date.now() - endedAt).toBeLessThan(1_500);
  });

  test("of a browser writes nothing for a page of another site", async ({ page, context }) => {
    await signInAs(page, "student");
    for (const origin of ["https://evil.example", "null"]) {
      const answer = await context.request.post("/api/logout", { headers: { origin } });
      expect(answer.status()).toBe(403);
      expect(await answer.json()).toMatchObject({ code: "cross_origin_refused" });
    }
    const form = await context.request.post("/login", {
      headers: { origin: "https://evil.example" },
      multipart: { email: "a@b.c", password: "x" },
    });
    expect(form.status()).toBe(403);
    expect((await context.request.get("/api/me")).status()).toBe(200);
  });
});

test.describe("Auth.js", () => {
  test("signs in and out by its own endpoints with the same session", async ({ request }) => {
    const { email, password: secret } = account("teacher");
    const csrfToken = async () =>
      ((await (await request.get("/api/auth/csrf")).json()) as { csrfToken: string }).csrfToken;
    const answer = await request.post("/api/auth/callback/credentials", {
      form: { csrfToken: await csrfToken(), email, password: secret, json: "true" },
    });
    expect(answer.status()).toBe(200);
    expect(await (await request.get("/api/auth/session")).json()).toMatchObject({
      user: { email, roles: ["TEACHER"] },
    });
    expect((await request.get("/api/me")).status()).toBe(200);
    await request.post("/api/auth/signout", { form: { csrfToken: await csrfToken(), json: "true" } });
    expect((await request.get("/api/me")).status()).toBe(401);
    expect(await (await request.get("/api/auth/session")).json()).toEqual({});
  });
});

test("every answer has a request id, and pages run only their own scripts", async ({ request }) => {
  for (const path of [
    "/login",
    "/",
    "/nowhere",
    "/api/me",
    "/api/nowhere",
    "/api/health/live",
    "/manifest.webmanifest",
  ]) {
    const answer = await request.get(path, { maxRedirects: 0 });
    expect(answer.headers()["x-request-id"], path).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers()["x-content-type-options"], path).toBe("nosniff");
    expect(answer.status(), path).toBeLessThan(500);
  }
  const page = await request.get("/login");
  const policy = page.headers()["content-security-policy"] ?? "";
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? "none";
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe-eval");
  for (const [tag] of (await page.text()).matchAll(/<script\b[^>]*>/g)) expect(tag).toContain(`nonce="${nonce}"`);
});

test("nothing malformed is answered with a fault of ours", async ({ request }) => {
  const calls = [
    request.get("/%E0%A4%A"),
    request.get("/api/%E0%A4%A"),
    request.get("/api/enrollments/%00"),
    request.get("/invite/%00"),
    request.get("/_next/image?url=%2Ficon.png&w=64&q=75"),
    request.put("/login"),
    request.post("/login", { form: { email: "a@b.c" } }),
    request.post("/login", { headers: { "next-action": "00" } }),
    request.post("/login", { headers: { "content-type": "multipart/form-data; boundary=x" }, data: "no boundary" }),
    request.post("/login", { multipart: { $ACTION_REF_1: "", "$ACTION_1:0": '{"id":"x","bound":"$@1"}' } }),
    request.post("/api/auth/callback/credentials", { headers: { "content-type": "application/json" }, data: "{" }),
    request.get("/api/me", { headers: { cookie: 'next-auth.session-token=%%%; campusos.refresh-token="' } }),
  ];
  for (const answer of await Promise.all(calls)) expect(answer.status(), answer.url()).toBeLessThan(500);
});

function account(role: string) {
  const found = accounts.find((each) => each.role === role);
  if (!found) throw new Error(`no demo account for ${role}`);
  return found;
}

function password(page: Page) {
  return page.locator("#password");
}

async function fill(page: Page, email: string, secret: string): Promise<void> {
  await page.getByLabel("Email address").fill(email);
  await password(page).fill(secret);
}

async function signInAs(page: Page, role: string): Promise<void> {
  await page.goto("/login");
  await fill(page, account(role).email, account(role).password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.pathname !== "/login" && url.pathname !== "/");
}

async function valueOf(context: BrowserContext, name: string): Promise<string> {
  return (await context.cookies()).find((cookie) => cookie.name === name)?.value ?? "";
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`)).toEqual([]);
}
