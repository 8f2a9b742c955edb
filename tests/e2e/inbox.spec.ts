// The inbox of a guardian: what is unread, marking it, and what arrives while the page is open.
import { type APIRequestContext, expect, test } from "@playwright/test";
import { attendanceScene, expectAccessible, type Scene } from "./attendance-scene";
import { signInTo } from "./sign-in";

let scene: Scene;
test.beforeAll(async () => {
  scene = await attendanceScene();
});
test.afterAll(async () => {
  await scene.close();
});

/** A finished class that Anna missed; her guardian is told by the worker, a moment later. */
async function absence(request: APIRequestContext, startsInMinutes: number): Promise<void> {
  const { id: classSessionId } = await scene.newClass({ startsInMinutes });
  const login = await request.post("/api/login", { data: scene.teacher });
  const { accessToken } = (await login.json()) as { accessToken: string };
  const answer = await request.post("/api/attendance/mark-bulk", {
    headers: { authorization: `Bearer ${accessToken}` },
    data: { classSessionId, records: [{ studentId: scene.studentNamed("Anna Nováková").id, status: "ABSENT" }] },
  });
  expect(answer.status()).toBe(200);
}

test("marking keeps the keyboard's place and says what happened; new alerts wait for a press", async ({
  page,
  request,
}) => {
  await page.clock.install();
  await absence(request, -2);
  await absence(request, -3);
  await signInTo(page, scene.guardian, "/inbox");
  const items = page.getByRole("main").getByRole("link", { name: /Anna was absent from/ });
  await expect(async () => {
    await page.reload();
    await expect(items).toHaveCount(2, { timeout: 500 });
  }).toPass();
  await expect(page).toHaveTitle(/^\(2\) Inbox – /);
  await expect(page.getByText("That is everything. Alerts are kept as long as your account.")).toBeVisible();

  await page
    .getByRole("button", { name: /^Mark as read: Anna/ })
    .first()
    .press("Enter");
  await expect(page.getByText("1 unread.")).toBeVisible();
  await expect(items.first()).toBeFocused();
  await expect(page.getByRole("status").filter({ hasText: "Marked as read." })).toBeAttached();

  await page.getByRole("button", { name: "Mark all as read" }).press("Enter");
  const marked = page.getByRole("status").filter({ hasText: "All marked as read." });
  await expect(marked).toBeVisible();
  await expect(page.locator("[data-marked]")).toBeFocused();
  await expectAccessible(page);
  await marked.getByRole("button", { name: "Undo" }).press("Enter");
  await expect(page.getByRole("button", { name: "Mark all as read" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();

  const place = await items.first().boundingBox();
  await absence(request, -4);
  const pill = page.getByRole("button", { name: "1 new" });
  await expect(async () => {
    await page.clock.fastForward(61_000);
    await expect(pill).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(items).toHaveCount(2);
  expect(await items.first().boundingBox()).toEqual(place);
  await expectAccessible(page);
  await pill.press("Enter");
  await expect(items).toHaveCount(3);
  await expect(pill).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 2 }).first()).toBeFocused();
});

test("an address that was cut in the middle shows the newest", async ({ page }) => {
  await signInTo(page, scene.guardian, "/inbox");
  for (const query of [
    "cursor=WyJub25zZW5z",
    "cursor=a&cursor=b",
    "show=unread&cursor=%00",
    "student=%2F&marked=now",
  ]) {
    const answer = await page.goto(`/inbox?${query}`);
    expect([query, answer?.status()]).toEqual([query, 200]);
    await expect(page.getByRole("heading", { level: 1, name: "Inbox" })).toBeVisible();
    expect(new URL(page.url()).searchParams.has("cursor") && query.startsWith("cursor=W")).toBe(false);
  }
});

test("a child about whom there is nothing is named, and the way back is there", async ({ page, request }) => {
  const login = await request.post("/api/login", { data: scene.guardian });
  const { user } = (await login.json()) as { user: { id: string; schoolId: string } };
  const quiet = scene.studentNamed("Adam Bartoš");
  await scene.link(user.id, quiet.id);
  await absence(request, -6);
  await signInTo(page, scene.guardian, "/inbox");
  await page.getByRole("navigation", { name: "Show" }).getByRole("link", { name: "Adam Bartoš" }).click();
  await expect(page.getByRole("heading", { name: "Nothing about Adam Bartoš" })).toBeVisible();
  await page.getByRole("link", { name: "Show all" }).click();
  await expect(page).toHaveURL(/\/inbox$/); // else the reload below could be of the page before
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("link", { name: /Anna was absent/ }).first()).toBeVisible({ timeout: 500 });
  }).toPass();
});
