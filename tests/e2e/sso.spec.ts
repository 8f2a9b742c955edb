// Signing in at a school account: two real issuers of OpenID Connect, a product that knows both, and a browser.
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { createDb, type Db } from "@/lib/platform/db/client";
import { freePorts } from "@/scripts/lib/ports.mjs";
import { ownProduct } from "@/tests/support/e2e-products";
import { startIssuer, type TestIssuer } from "@/tests/support/oidc-issuer";
import { startProduct, type Product } from "@/tests/support/product";
import { at, buildSchool, type TestSchool } from "@/tests/support/school";
import { COPY_PREFIX, copyTemplate, databaseUrl, ensureTemplate, withServer } from "@/tests/support/template-database";
import { expectAccessible } from "./attendance-scene";

test.describe.configure({ mode: "serial" });

const DOMAIN = "test.campusos.example";
const PASSWORD = "four calm words here";
let product: Product;
let base: string;
let db: Db;
let school: TestSchool;
let alpha: TestIssuer;
let beta: TestIssuer;
let drop: () => Promise<unknown>;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  const server = ownProduct().databaseUrl;
  const name = `${COPY_PREFIX}sso_${process.pid}`;
  drop = () => withServer(server, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  await copyTemplate(server, await ensureTemplate(server), name);
  const url = databaseUrl(server, name);
  db = createDb(url, 2);
  school = await buildSchool(db, { students: 8, teachers: 1 });
  await db.user.updateMany({ data: { passwordHash: await hashPassword(PASSWORD) } });
  const [port = 0, first = 0, second = 0] = await freePorts(3);
  base = `http://localhost:${port}`;
  const client = (id: string) => ({
    id: `campus-${id}`,
    secret: `secret of ${id}`,
    callback: `${base}/api/auth/callback/${id}`,
    afterSigningOut: `${base}/login?signedOut=1`,
  });
  alpha = await startIssuer({ port: first, client: client("alpha"), inIdToken: true });
  beta = await startIssuer({ port: second, client: client("beta"), inIdToken: false });
  const settings = (id: string, { issuer }: TestIssuer) => {
    const prefix = `SSO_${id.toUpperCase()}_`;
    return {
      [`${prefix}ISSUER`]: issuer,
      [`${prefix}CLIENT_ID`]: `campus-${id}`,
      [`${prefix}CLIENT_SECRET`]: `secret of ${id}`,
      [`${prefix}NAME`]: id === "alpha" ? "Alpha School" : "Beta & Co",
      [`${prefix}DOMAINS`]: DOMAIN,
    };
  };
  product = await startProduct({
    env: {
      DATABASE_URL: url,
      CAMPUS_DEMO: "0",
      PUBLIC_URL: base,
      SSO_PROVIDERS: "alpha,beta",
      ...settings("alpha", alpha),
      ...settings("beta", beta),
    },
    ports: [port],
    workerProcesses: 0,
  });
});
test.afterAll(async () => {
  await product?.stop();
  await alpha?.stop();
  if (beta?.isUp()) await beta.stop();
  await db?.$disconnect();
  await drop?.();
});

test("the sign-in page offers both, and is good to use", async ({ browser }) => {
  for (const width of [360, 1280]) {
    const page = await newPage(browser, { viewport: { width, height: 800 } });
    await page.goto("/login?from=/timetable");
    await expect(page.getByRole("button", { name: "Sign in with Alpha School" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Sign in with Beta & Co" })).toBeVisible();
    await expectAccessible(page);
    await page.goto("/login?error=sso_unknown");
    await expect(page.getByRole("alert").filter({ hasText: "No one here goes with that account yet." })).toBeVisible();
    await expectAccessible(page);
    await page.context().close();
  }
});

for (const javaScriptEnabled of [true, false])
  test(`a student signs in there, comes back to the page they wanted, and signs out of both, ${javaScriptEnabled ? "with" : "without"} script`, async ({
    browser,
  }) => {
    const student = at(school.students, javaScriptEnabled ? 0 : 1);
    const subject = `a-${student.id}`;
    alpha.accounts.set(subject, { email: student.email.toUpperCase(), email_verified: true });
    const page = await newPage(browser, { javaScriptEnabled });
    await page.goto("/timetable");
    await begin(page, "Alpha School");
    await signInThere(page, subject);
    await expect(page).toHaveURL(`${base}/timetable`);
    const me = await page.request.get("/api/me");
    expect(await me.json()).toMatchObject({ id: student.id });
    const entries = await db.auditEntry.findMany({ where: { actorId: student.id }, orderBy: { action: "asc" } });
    expect(entries).toMatchObject([
      { action: "identity.signed_in", details: { method: "sso", provider: "alpha" } },
      { action: "identity.sso_linked", details: { provider: "alpha" } },
    ]);
    expect((await page.context().cookies()).map(({ value }) => value.length).every((length) => length < 1_500)).toBe(
      true,
    );

    await page.getByRole("button", { name: /^account/i }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(`${alpha.issuer}/session/end?**`);
    await page.getByRole("button", { name: /yes/i }).click();
    await expect(page).toHaveURL(`${base}/login?signedOut=1`);
    await expect(page.getByText("You are signed out.")).toBeVisible();
    expect((await page.request.get("/api/me")).status()).toBe(401);
    await begin(page, "Alpha School");
    await expect(page.getByPlaceholder("Enter any login")).toBeVisible(); // signed out there too
    await page.context().close();
  });

test("the other issuer, whose address stands in the user info only, knows the same person by its own subject", async ({
  browser,
}) => {
  const student = at(school.students, 0);
  beta.accounts.set("b-0", { email: student.email, email_verified: true });
  const page = await newPage(browser);
  await page.goto("/login");
  await begin(page, "Beta & Co");
  await signInThere(page, "b-0");
  await expect(page).toHaveURL(`${base}/sections`);
  const identities = await db.ssoIdentity.findMany({ where: { userId: student.id }, orderBy: { subject: "asc" } });
  expect(identities).toMatchObject([
    { issuer: alpha.issuer, subject: `a-${student.id}` },
    { issuer: beta.issuer, subject: "b-0" },
  ]);
  await page.context().close();
});

test("once known, a person is known by the subject: an address that changed does no harm, one given on lets nobody in", async ({
  browser,
}) => {
  const student = at(school.students, 0);
  alpha.accounts.set(`a-${student.id}`, { email: "married@elsewhere.example", email_verified: false });
  alpha.accounts.set("a-new-owner", { email: student.email, email_verified: true });
  expect(await outcomeOf(browser, `a-${student.id}`)).toBe("/sections");
  expect(await outcomeOf(browser, "a-new-owner")).toBe("/login?error=sso_other");
  expect(await db.ssoIdentity.count({ where: { subject: "a-new-owner" } })).toBe(0);
});

test("nobody gets in by an address that is not verified, of another domain, or nobody's; nobody is made", async ({
  browser,
}) => {
  const people = await db.user.count();
  const [one, ended] = [at(school.students, 2), at(school.students, 3)];
  await db.user.update({ where: { id: ended.id }, data: { active: false } });
  alpha.accounts.set("u1", { email: one.email, email_verified: false });
  alpha.accounts.set("u2", { email: one.email });
  alpha.accounts.set("u3", { email: "ann@elsewhere.example", email_verified: true });
  alpha.accounts.set("u4", { email: `stranger@${DOMAIN}`, email_verified: true });
  alpha.accounts.set("u5", { email: ended.email, email_verified: true });
  expect(await outcomeOf(browser, "u1")).toBe("/login?error=sso_unverified");
  expect(await outcomeOf(browser, "u2")).toBe("/login?error=sso_unverified");
  expect(await outcomeOf(browser, "u3")).toBe("/login?error=sso_domain");
  expect(await outcomeOf(browser, "u4")).toBe("/login?error=sso_unknown");
  expect(await outcomeOf(browser, "u5")).toBe("/login?error=sso_unknown");
  expect(await db.user.count()).toBe(people);
});

test("somebody who has left does not get in any more, also when they are known", async ({ browser }) => {
  const student = at(school.students, 4);
  alpha.accounts.set("gone", { email: student.email, email_verified: true });
  expect(await outcomeOf(browser, "gone")).toBe("/sections");
  await db.user.update({ where: { id: student.id }, data: { active: false } });
  expect(await outcomeOf(browser, "gone")).toBe("/login?error=sso_unknown");
});

test("an answer that another browser asked for, or with another nonce, is refused with words", async ({ browser }) => {
  const student = at(school.students, 5);
  alpha.accounts.set("careful", { email: student.email, email_verified: true });
  const [own, other] = [await newPage(browser), await newPage(browser)];
  const begun = async (page: Page) => {
    await page.goto("/login?from=/timetable");
    await begin(page, "Alpha School");
    await expect(page.getByPlaceholder("Enter any login")).toBeVisible();
  };
  await begun(own);
  await begun(other);

  // The other's answer in a browser that has begun by itself.
  const answer = await answerFor(other, "careful");
  expect(answer).toContain("code=");
  await own.goto(answer);
  await expect(own).toHaveURL(/\/login\?error=OAuthCallback&from=%2Ftimetable$/);
  await expect(
    own.getByRole("alert").filter({ hasText: "Signing in with your school account did not work." }),
  ).toBeVisible();
  expect((await own.request.get("/api/me")).status()).toBe(401);

  // The nonce of another sign-in: the state is right, the ID token is not of this one.
  const third = await newPage(browser);
  await begun(own);
  await begun(third);
  const nonce = (await third.context().cookies()).find(({ name }) => name.endsWith("next-auth.nonce"));
  expect(nonce).toBeDefined();
  if (nonce) await own.context().addCookies([nonce]);
  await signInThere(own, "careful");
  await expect(own).toHaveURL(/\/login\?error=OAuthCallback/);
  expect((await own.request.get("/api/me")).status()).toBe(401);
  expect(await db.ssoIdentity.count({ where: { subject: "careful" } })).toBe(0);

  // Without having begun at all, with what is none, and after no at the issuer.
  for (const query of ["code=a&state=b", "", "error=access_denied&state=b"]) {
    await other.context().clearCookies();
    await other.goto(`/api/auth/callback/alpha?${query}`);
    await expect(other).toHaveURL(/\/login\?error=/);
    await expect(other.getByRole("alert").filter({ hasText: "Signing in with your school account" })).toBeVisible();
  }
  for (const page of [own, other, third]) await page.context().close();
});

test("no other site begins a sign-in, and no Host makes Auth.js speak of another", async ({ playwright }) => {
  const request = await playwright.request.newContext({ baseURL: base });
  const foreign = await request.post("/api/auth/signin/alpha", {
    headers: { origin: "https://evil.example" },
    maxRedirects: 0,
  });
  expect(foreign.status()).toBe(403);
  const providers = await request.get("/api/auth/providers", { headers: { "x-forwarded-host": "evil.example" } });
  const text = await providers.text();
  expect(text).not.toContain("evil.example");
  expect(JSON.parse(text)).toMatchObject({ alpha: { callbackUrl: `${base}/api/auth/callback/alpha` } });
  for (const path of ["signin", "signin/alpha", "signout", "verify-request", "error"]) {
    const answer = await request.get(`/api/auth/${path}`, { maxRedirects: 0 });
    expect(answer.status()).toBe(302);
    expect(answer.headers()["location"]).toMatch(/^\/login/);
  }
  await request.dispose();
});

test("the school turns passwords off: people sign in there, administrators in both ways", async ({
  browser,
  playwright,
}) => {
  const student = at(school.students, 6);
  const request = await playwright.request.newContext({ baseURL: base });
  const login = async (email: string, password = PASSWORD) => {
    const answer = await request.post("/api/login", { data: { email, password } });
    return { status: answer.status(), code: ((await answer.json()) as { code?: string }).code };
  };
  const page = await newPage(browser);
  await page.goto("/login?from=/admin/settings");
  await byPassword(page, school.admin.email);
  await expect(page).toHaveURL(`${base}/admin/settings`);
  await page.getByRole("button", { name: "Turn passwords off" }).click();
  await expect(page.getByText("Saved. It applies from the next sign-in")).toBeVisible();
  await expectAccessible(page);
  expect(await login(student.email)).toEqual({ status: 403, code: "password_sign_in_off" });
  expect(await login(student.email, "wrong")).toEqual({ status: 401, code: "invalid_credentials" });
  expect((await login(school.admin.email)).status).toBe(200);
  const out = await newPage(browser);
  await out.goto("/login");
  await expect(out.getByText("With a password only the school office signs in:")).toBeVisible();
  await expectAccessible(out);
  await byPassword(out, student.email);
  await expect(out.getByRole("alert").filter({ hasText: "Your school signs in with a school account." })).toBeFocused();
  alpha.accounts.set("six", { email: student.email, email_verified: true });
  expect(await outcomeOf(browser, "six")).toBe("/sections");
  await page.getByRole("button", { name: "Allow passwords" }).click();
  await expect(page.getByRole("button", { name: "Turn passwords off" })).toBeVisible();
  expect((await login(student.email)).status).toBe(200);
  await request.dispose();
  await page.context().close();
  await out.context().close();
});

test("an issuer that is away is said in words, and signing out here works all the same", async ({ browser }) => {
  const page = await newPage(browser);
  await page.goto("/login?from=/timetable");
  await begin(page, "Beta & Co");
  await signInThere(page, "b-0");
  await expect(page).toHaveURL(`${base}/timetable`);
  await beta.stop();
  await page.getByRole("button", { name: /^account/i }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
  await page.goto("/login?from=/timetable");
  await begin(page, "Beta & Co");
  await expect(page).toHaveURL(/\/login\?error=OAuthSignin&from=%2Ftimetable$/);
  await expect(page.getByRole("alert").filter({ hasText: "Signing in with your school account" })).toBeVisible();
  await page.context().close();
});

async function newPage(
  browser: { newContext(options: object): Promise<BrowserContext> },
  options: object = {},
): Promise<Page> {
  return (await browser.newContext({ baseURL: base, ...options })).newPage();
}

async function begin(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Sign in with ${name}` }).click();
}

async function byPassword(page: Page, email: string): Promise<void> {
  await page.getByLabel("Email address").fill(email);
  await page.locator("#password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** The pages of the issuer. */
async function signInThere(page: Page, subject: string): Promise<void> {
  await page.getByPlaceholder("Enter any login").fill(subject);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

/** With what the issuer sends a browser back that has begun; it is not followed, so the code in it is unused. */
async function answerFor(page: Page, subject: string): Promise<string> {
  await page.getByPlaceholder("Enter any login").fill(subject);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await expect(page.getByRole("button", { name: "Continue" })).toBeVisible();
  const agreed = await page.request.post(page.url(), { form: { prompt: "consent" }, maxRedirects: 0 });
  const resumed = await page.request.get(agreed.headers()["location"] ?? "", { maxRedirects: 0 });
  return resumed.headers()["location"] ?? "";
}

/** Where somebody ends who signs in at Alpha in a new browser. */
async function outcomeOf(browser: Parameters<typeof newPage>[0], subject: string): Promise<string> {
  const page = await newPage(browser);
  await page.goto("/login");
  await begin(page, "Alpha School");
  await signInThere(page, subject);
  await page.waitForURL((url) => url.origin === base && !url.pathname.startsWith("/api/"));
  await page.waitForLoadState();
  const { pathname, search } = new URL(page.url());
  await page.context().close();
  return pathname + search;
}
