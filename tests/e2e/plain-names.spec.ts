// The four calls under their plain names, which leave the pages of the same addresses alone.
import { expect, test } from "@playwright/test";
import { demoAccount } from "./demo-people";
import { fillSignIn } from "./sign-in";

test("programs sign in, look for sections, enroll and mark under plain names too", async ({ request }) => {
  const login = (data: unknown) => request.post("/login", { data });
  const refused = await login({ ...demoAccount("student"), password: "not this one" });
  expect([refused.status(), refused.headers()["content-type"]]).toEqual([401, "application/problem+json"]);
  expect(await refused.json()).toMatchObject({ code: "invalid_credentials" });
  const tokenOf = async (role: string) => {
    const answer = await login(demoAccount(role));
    expect(answer.status()).toBe(200);
    return { authorization: `Bearer ${((await answer.json()) as { accessToken: string }).accessToken}` };
  };
  const [student, teacher] = [await tokenOf("student"), await tokenOf("teacher")];
  for (const query of ["", "?availability=all&limit=3"]) {
    const [plain, own] = await Promise.all(
      ["/sections/available", "/api/sections/available"].map((path) => request.get(path + query, { headers: student })),
    );
    expect(plain?.status()).toBe(200);
    const ids = async (answer: typeof plain) =>
      ((await answer?.json()) as { items: { id: string }[] }).items.map(({ id }) => id);
    expect(await ids(plain)).toEqual(await ids(own));
  }
  expect((await request.get("/sections/available")).status()).toBe(401);
  const enroll = await request.post("/enroll", { headers: student, data: { sectionId: "none" } });
  expect([enroll.status(), await codeOf(enroll)]).toEqual([404, "section_not_found"]);
  const marks = { classSessionId: "none", records: [], finalize: false };
  const mark = await request.post("/attendance/mark-bulk", { headers: teacher, data: marks });
  const twin = await request.post("/api/attendance/mark-bulk", { headers: teacher, data: marks });
  expect([mark.status(), await codeOf(mark)]).toEqual([twin.status(), await codeOf(twin)]);
  expect((await request.post("/enroll", { headers: teacher, data: {} })).status()).toBe(403);
});

const codeOf = async (answer: { json: () => Promise<unknown> }) => ((await answer.json()) as { code: string }).code;

test("the pages of these addresses stay, with script and without", async ({ page, browser }) => {
  await page.goto("/login");
  await fillSignIn(page, demoAccount("student"));
  await page.waitForURL((url) => url.pathname !== "/login");
  await page.goto("/sections");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sections");
  const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await plain.goto("/login");
  await fillSignIn(plain, demoAccount("student"));
  await plain.waitForURL((url) => url.pathname !== "/login");
  await plain.context().close();
});
