// What every answer has, whatever was asked and however badly.
import { expect, test } from "@playwright/test";

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
