// Ways to be signed in. Most specs are about what comes after: they do without the form, which sign-in.spec.ts tests.
import { expect, type Page } from "@playwright/test";

type Credentials = { email: string; password: string };

/** Signs in by the endpoint that the form's action leads to, and opens `path`. */
export async function signInTo(page: Page, { email, password }: Credentials, path: string): Promise<void> {
  const { request } = page.context();
  const { csrfToken } = (await (await request.get("/api/auth/csrf")).json()) as { csrfToken: string };
  const answer = await request.post("/api/auth/callback/credentials", {
    form: { email, password, csrfToken, json: "true" },
  });
  expect(answer.status(), "signing in").toBe(200);
  await page.goto(path);
  await page.waitForURL((url) => url.pathname === path.split("?")[0]);
}

/** Fills in the form that is open, and sends it. */
export async function fillSignIn(page: Page, { email, password }: Credentials): Promise<void> {
  await page.getByLabel(/email/i).fill(email);
  await page.locator("input[type=password]").fill(password);
  await page.locator("input[type=password]").press("Enter");
}
