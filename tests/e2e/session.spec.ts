// What a session does while it lives, and how it ends: in a browser, between two processes, by Auth.js' own endpoints.
import { expect, test } from "@playwright/test";
import { ownProduct } from "@/tests/support/e2e-products";
import { demoAccount, signInAs } from "./demo-people";
import { ACCESS, REFRESH, valueOf } from "./session-cookies";

test.describe("a session", () => {
  test("lives in cookies that no script can read", async ({ page, context }) => {
    await signInAs(page, "teacher", "/today");
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
    await signInAs(page, "teacher", "/today");
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
    await signInAs(page, "teacher", "/today");
    const spent = await valueOf(context, REFRESH);
    await context.clearCookies({ name: ACCESS });
    // Somebody else gets the new cookies: this browser's click was followed by another one.
    expect((await request.get("/api/me", { headers: { cookie: `${REFRESH}=${spent}` } })).status()).toBe(200);
    expect((await context.request.get("/api/me")).status()).toBe(200);
    expect(await valueOf(context, REFRESH)).not.toBe(spent); // the spent one would be taken for theft next time
  });

  test("that a thief has renewed ends for both", async ({ page, context, browser }) => {
    await signInAs(page, "teacher", "/today");
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
    const [, other] = ownProduct().urls;
    const { email, password: secret } = demoAccount("admin");
    const login = await request.post("/api/login", { data: { email, password: secret } });
    const { accessToken } = (await login.json()) as { accessToken: string };
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await request.get(`${other}/api/me`, { headers })).status()).toBe(200);
    expect((await request.post("/api/logout", { headers })).status()).toBe(204);
    const endedAt = Date.now();
    expect((await request.get("/api/me", { headers })).status()).toBe(401);
    // What counts is when a request that was still answered set out: this machine may take its time over the rest.
    let lastAcceptedAt = endedAt;
    const askOther = async () => {
      const askedAt = Date.now();
      const status = (await request.get(`${other}/api/me`, { headers })).status();
      if (status === 200) lastAcceptedAt = askedAt;
      return status;
    };
    await expect.poll(askOther, { intervals: [20] }).toBe(401);
    expect(lastAcceptedAt - endedAt).toBeLessThan(1_000);
  });

  test("of a browser writes nothing for a page of another site", async ({ page, context }) => {
    await signInAs(page, "student", "/sections");
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
    const { email, password: secret } = demoAccount("teacher");
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
