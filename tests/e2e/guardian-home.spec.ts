// What a guardian sees: today in one sentence, the month day by day, and nothing of anybody else's child.
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

const mark = async (request: APIRequestContext, classSessionId: string, status: string, finalize: boolean) => {
  const login = await request.post("/api/login", { data: scene.teacher });
  const { accessToken } = (await login.json()) as { accessToken: string };
  const studentId = scene.studentNamed("Anna Nováková").id;
  const answer = await request.post("/api/attendance/mark-bulk", {
    headers: { authorization: `Bearer ${accessToken}` },
    data: { classSessionId, finalize, records: [{ studentId, status }] },
  });
  expect(answer.status()).toBe(200);
};

test("sees an absence once the class is finished, not before, and finds it in the history", async ({
  page,
  request,
}) => {
  const { id } = await scene.newClass({ startsInMinutes: -2 });
  await signInTo(page, scene.guardian, "/family");
  const card = page.getByRole("article", { name: "Anna Nováková" });
  await expect(card.getByText(/^Not yet known: the \d\d:\d\d class has not been marked\.$/)).toBeVisible();
  await mark(request, id, "ABSENT", false);
  await page.reload();
  await expect(card.getByText(/^Not yet known/)).toBeVisible();
  await mark(request, id, "ABSENT", true);
  await page.reload();
  await expect(card.getByText(/^Absent from Course 1000, \d\d:\d\d\. Not excused yet\.$/)).toBeVisible();
  await expect(card.getByText("This term: missed 1 of 1 class (100%).")).toBeVisible();
  await card.getByRole("link", { name: "Attendance of Anna Nováková" }).click();
  await expect(page.getByRole("heading", { name: "Anna Nováková: attendance" })).toBeVisible();
  await expect(page.getByRole("table").getByRole("link", { name: /absent 1 of \d+ class(es)?(,|$)/ })).toBeVisible();
  await expect(page.getByRole("list", { name: "Absences and late arrivals" }).getByText("Absent")).toBeVisible();
  await page.getByRole("link", { name: "Previous month" }).click();
  await expect(page.getByRole("heading", { name: /^No marks in / })).toBeVisible();
});

test("a mark that the teacher may still change is in no history", async ({ page, request }) => {
  const { id } = await scene.newClass({ startsInMinutes: -7, lengthMinutes: 1 });
  const history = `/family/${scene.studentNamed("Anna Nováková").id}`;
  await signInTo(page, scene.guardian, history);
  const classes = page.getByText(/^(The only class|All \d+ classes) this month$/);
  const countOf = async () => ((await classes.count()) === 0 ? "" : classes.innerText());
  const before = await countOf();
  await mark(request, id, "ABSENT", false);
  await page.reload();
  expect(await countOf()).toBe(before);
  await mark(request, id, "ABSENT", true);
  await page.reload();
  expect(await countOf()).not.toBe(before);
});

test("who comes back to an open page sees what is known now, and when that was", async ({ page, context, request }) => {
  await page.clock.install();
  const { id } = await scene.newClass({ startsInMinutes: -1 });
  await signInTo(page, scene.guardian, "/family");
  const card = page.getByRole("article", { name: "Anna Nováková" });
  const readAt = page.getByText(/^As of \d\d:\d\d\.$/);
  await expect(readAt).toBeVisible();
  await expect(card.getByText(/Not yet known/)).toBeVisible();
  await mark(request, id, "PRESENT", true);
  await page.clock.fastForward(61_000);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await expect(card.getByText(/^At school\. Present in Course 1000 at \d\d:\d\d\.$/)).toBeVisible();

  // Without a connection the answer stays and says how old it is; with it the page is read again.
  await context.setOffline(true);
  await page.clock.fastForward(61_000);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await expect(page.getByText(/^No connection\. Last updated at \d\d:\d\d\.$/)).toBeVisible();
  await expect(card.getByText(/^At school\./)).toBeVisible();
  await context.setOffline(false);
  await expect(readAt).toBeVisible();
});

test("an open home shows a saved absence within seconds, and asks nothing while nobody sees it", async ({
  page,
  request,
}) => {
  const { id } = await scene.newClass({ startsInMinutes: -1 });
  let asked = 0;
  page.on("request", (sent) => void (sent.url().endsWith("/api/family/version") && (asked += 1)));
  await signInTo(page, scene.guardian, "/family");
  const card = page.getByRole("article", { name: "Anna Nováková" });
  await expect(card).toBeVisible();
  await expect.poll(() => asked, { timeout: 15_000 }).toBeGreaterThan(0);
  const absences = card.getByText(/^Absent from Course 1000, \d\d:\d\d\./); // the day may have others already
  const known = await absences.count();
  await mark(request, id, "ABSENT", true);
  await expect(absences).toHaveCount(known + 1, { timeout: 15_000 });
  await page.evaluate(() =>
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true }),
  );
  const before = asked;
  await page.waitForTimeout(11_000); // two looks long: there is no event to wait for when nothing is to happen
  expect(asked).toBe(before);
});

test("somebody else's child is not there", async ({ page }) => {
  await signInTo(page, scene.guardian, "/family");
  await expect(page.getByRole("article")).toHaveCount(1);
  const other = await page.goto(`/family/${scene.studentNamed("Adam Bartoš").id}`);
  expect(other?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "This child is not linked to your account" })).toBeVisible();
  expect((await page.goto("/today"))?.status()).toBe(404);
});

for (const colorScheme of ["light", "dark"] as const)
  test(`home and history pass axe in ${colorScheme} mode, wide and on a phone`, async ({ page, request }) => {
    const { id } = await scene.newClass({ startsInMinutes: -3 });
    await mark(request, id, "LATE", true);
    await page.emulateMedia({ colorScheme });
    await signInTo(page, scene.guardian, "/family");
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      for (const path of ["/family", `/family/${scene.studentNamed("Anna Nováková").id}`]) {
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expectAccessible(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(
          0,
        );
      }
    }
  });

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("home and history are there", async ({ page }) => {
    await signInTo(page, scene.guardian, "/family");
    await page.getByRole("link", { name: "Attendance of Anna Nováková" }).click();
    await expect(page.getByRole("heading", { name: "Anna Nováková: attendance" })).toBeVisible();
    await expect(page.getByRole("table")).toBeVisible();
  });
});
