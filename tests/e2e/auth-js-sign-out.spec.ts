import { type APIRequestContext, type Cookie, expect, test } from "@playwright/test";
import accounts from "@/prisma/seed/accounts.json" with { type: "json" };

const guardian = accounts.find(({ role }) => role === "guardian");

/** Sends a form to an endpoint of Auth.js. */
async function post(request: APIRequestContext, path: string, form: Record<string, string> = {}) {
  const { csrfToken } = (await (await request.get("/api/auth/csrf")).json()) as { csrfToken: string };
  return request.post(path, { form: { ...form, csrfToken, json: "true" } });
}

for (const session of ["lives", "is over"])
  test(`signing out through Auth.js itself takes the browser's alerts away when the session ${session}`, async ({
    playwright,
    baseURL,
  }) => {
    const newBrowser = (cookies: Cookie[] = []) =>
      playwright.request.newContext({ baseURL: baseURL ?? "", storageState: { cookies, origins: [] } });
    const browser = await newBrowser();
    const other = await newBrowser();
    for (const request of [browser, other]) {
      const { email = "", password = "" } = guardian ?? {};
      expect((await post(request, "/api/auth/callback/credentials", { email, password })).status()).toBe(200);
    }
    const devices = async () => {
      const { items } = (await (await other.get("/api/push-subscriptions")).json()) as { items: { id: string }[] };
      return items.map(({ id }) => id);
    };
    const before = await devices();
    const made = await browser.post("/api/push-subscriptions", {
      data: {
        // A door that nobody answers.
        endpoint: `https://localhost:9/push/${crypto.randomUUID()}`,
        keys: {
          p256dh: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM",
          auth: "tBHItJI5svbpez7KI4CCXg",
        },
      },
    });
    expect(made.status()).toBe(201);
    expect(await devices()).toHaveLength(before.length + 1);

    const state = await browser.storageState();
    const kept = state.cookies.filter(({ name }) => session === "lives" || name === "campus.device");
    const leaving = await newBrowser(kept);
    expect((await post(leaving, "/api/auth/signout")).ok()).toBe(true);
    const left = (await leaving.storageState()).cookies.map(({ name }) => name);
    // The browser stays known, which gives no access to anything.
    const known = session === "lives" ? ["campusos.known-device"] : [];
    expect(left.toSorted()).toEqual([...known, "next-auth.callback-url", "next-auth.csrf-token"]);
    expect(await devices()).toEqual(before);
    for (const request of [browser, other, leaving]) await request.dispose();
  });
