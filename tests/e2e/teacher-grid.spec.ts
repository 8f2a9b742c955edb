// What a teacher does: mark a class with the keys alone, with four taps on a phone, without script, beside a colleague
// and with the network away.
import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { attendanceScene, expectAccessible, type Scene, signInTo } from "./attendance-scene";

let scene: Scene;
test.beforeAll(async () => {
  scene = await attendanceScene();
});
test.afterAll(async () => {
  await scene.close();
});

const SAVE = "**/api/attendance/mark-bulk";
const grid = (page: Page) => page.getByRole("grid");
const row = (page: Page, name: string) =>
  grid(page)
    .getByRole("row")
    .filter({ has: page.getByText(name, { exact: true }) });
const cell = (page: Page, name: string) => row(page, name).getByRole("rowheader");
const open = async (page: Page, options: Parameters<Scene["newClass"]>[0] = {}) => {
  const { id } = await scene.newClass(options);
  await signInTo(page, scene.teacher, `/classes/${id}`);
  await expect(grid(page).getByRole("row")).toHaveCount(30);
  return id;
};
/** A colleague at another machine, by the programming interface. */
const elsewhere = async (request: APIRequestContext, classSessionId: string, name: string, status: string) => {
  const login = await request.post("/api/login", { data: scene.colleague });
  const { accessToken } = (await login.json()) as { accessToken: string };
  const answer = await request.post("/api/attendance/mark-bulk", {
    headers: { authorization: `Bearer ${accessToken}` },
    data: { classSessionId, finalize: false, records: [{ studentId: scene.studentNamed(name).id, status }] },
  });
  expect(answer.status()).toBe(200);
};

test("with the keys alone: 30 students, 3 exceptions, finished in 16 keys", async ({ page }) => {
  await open(page);
  let keys = 0;
  const press = async (key: string) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  await expect(grid(page).locator(":focus")).toHaveCount(1);
  for (const [typed, status] of [
    ["fi", "a"],
    ["za", "l"],
    ["st", "2"],
  ] as const) {
    await press("/");
    for (const letter of typed) await press(letter);
    await press("Enter");
    await press(status);
  }
  await press("Control+Enter");
  expect(keys).toBeLessThanOrEqual(16);
  await expect(page.getByText("27 present · 2 absent · 1 late.")).toBeVisible();
  await expect(page.getByText("Guardians of 2 students are told now.")).toBeVisible();
  await expect(cell(page, "Emil Fiala")).toHaveAccessibleName(/, row \d+ of 30, absent$/);
  await expect(cell(page, "Zdeněk Žák")).toHaveAccessibleName(/late/);
  await expect(cell(page, "Radek Šťastný")).toHaveAccessibleName(/absent$/);
  await expect(cell(page, "Anna Nováková")).toHaveAccessibleName(/present$/);
  await page.goto("/today");
  await expect(page.getByText(/^Done /).first()).toBeVisible();
});

test("keys move, mark and go on, clear, note, undo and redo, and only while the list has the focus", async ({
  page,
}) => {
  await open(page);
  const first = cell(page, "Žofie Adámková");
  const second = cell(page, "Adam Bartoš");
  await first.focus();
  await page.keyboard.press("a");
  await expect(second).toBeFocused();
  await expect(first).toHaveAccessibleName("Žofie Adámková, row 1 of 30, absent");
  await expect(page.getByText("Žofie Adámková: absent. 1 absent, 29 not marked.")).toBeAttached();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("0");
  await expect(first).toHaveAccessibleName(/not marked$/);
  await page.keyboard.press("Control+z");
  await expect(first).toHaveAccessibleName(/absent$/);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+Shift+z");
  await expect(first).toHaveAccessibleName(/absent$/);
  await page.keyboard.press("F2");
  await page.keyboard.type("rang at 8");
  await page.keyboard.press("Escape");
  await expect(first).toBeFocused();
  await expect(first).toHaveAccessibleName(/has a note$/);
  await page.keyboard.press("Control+End");
  await expect(cell(page, "Yvona Zemanová")).toBeFocused();
  await page.keyboard.press("l");
  await page.keyboard.press("m");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("7");
  await page.keyboard.press("Enter");
  await expect(cell(page, "Yvona Zemanová")).toHaveAccessibleName(/late, 7 min$/);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(row(page, "Yvona Zemanová").getByRole("button", { name: "Absent" })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await page.keyboard.press("Escape");
  await expect(cell(page, "Yvona Zemanová")).toBeFocused();
  await page.keyboard.press("Shift+P");
  await expect(page.getByRole("list", { name: "Marks so far" })).toContainText("28 present");
  // Outside of the list the letters belong to the browser and to assistive technology.
  await page.getByRole("button", { name: /^Undo/ }).focus();
  await page.keyboard.press("a");
  await expect(page.getByRole("list", { name: "Marks so far" })).toContainText("28 present");
  await page.getByRole("button", { name: "Undo: 28 marked present" }).click();
  await expect(page.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
  await page.reload();
  await expect(page.getByRole("list", { name: "Marks so far" })).toContainText("2 absent");
  await expect(page.getByRole("list", { name: "Marks so far" })).toContainText("28 not marked");
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test("four taps: three exceptions and the main button; targets of 44 px, no sideways scroll", async ({ page }) => {
    await open(page);
    let taps = 0;
    const tap = async (name: string, button: string) => {
      taps += 1;
      await row(page, name).getByRole("button", { name: button }).tap();
    };
    await tap("Adam Bartoš", "Absent");
    await tap("Bára Černá", "Absent");
    await tap("Jana Králová", "Late");
    for (const button of await row(page, "Bára Černá").getByRole("button").all()) {
      const box = await button.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    await expectAccessible(page);
    taps += 1;
    await page.getByRole("button", { name: "Mark 27 others present and finish" }).tap();
    expect(taps).toBeLessThanOrEqual(4);
    await expect(page.getByText("27 present · 2 absent · 1 late.")).toBeVisible();
  });
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("the sheet is a form with a radio group a row", async ({ page }) => {
    const { id } = await scene.newClass();
    await signInTo(page, scene.teacher, `/classes/${id}`);
    await expect(page.getByRole("grid")).toBeHidden();
    await page.getByRole("radio", { name: "Mark of Adam Bartoš: Absent" }).check();
    await page.getByRole("radio", { name: "Mark of Lenka Malá: Excused" }).check();
    await page.getByRole("button", { name: "Save without finishing" }).click();
    await expect(page.getByText("Saved.")).toBeVisible();
    await expect(page.getByRole("radio", { name: "Mark of Lenka Malá: Excused" })).toBeChecked();
    await page.getByRole("checkbox", { name: "Mark everybody without a mark present" }).check();
    await page.getByRole("button", { name: "Save and finish" }).click();
    await expect(page.getByText("Finished. Guardians of absent students are told now.")).toBeVisible();
    await expect(page.getByRole("radio", { name: "Mark of Anna Nováková: Present" })).toBeChecked();
    await page.goto("/today");
    await expect(page.getByRole("heading", { name: "Classes of today" })).toBeVisible();
  });
});

test("with the network away marks wait, survive a reload, and are sent when it is back", async ({ page }) => {
  const id = await open(page);
  await page.route(SAVE, (route) => route.abort());
  await cell(page, "Adam Bartoš").focus();
  await page.keyboard.press("a");
  await expect(page.getByText("Not saved – 1 mark waiting")).toBeVisible();
  await page.reload();
  await expect(cell(page, "Adam Bartoš")).toHaveAccessibleName(/absent$/);
  await expect(page.getByText("Not saved – 1 mark waiting")).toBeVisible();
  await page.unroute(SAVE);
  await page.getByRole("button", { name: "Save now" }).click();
  await expect(page.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
  await page.goto(`/classes/${id}`);
  await expect(cell(page, "Adam Bartoš")).toHaveAccessibleName(/absent$/);
});

test("a colleague's marks appear, and two marks of one student wait for a decision", async ({ page, request }) => {
  const id = await open(page);
  await elsewhere(request, id, "Lenka Malá", "EXCUSED");
  await expect(cell(page, "Lenka Malá")).toHaveAccessibleName(/excused$/);
  await expect(row(page, "Lenka Malá").getByText("Marked by Teacher Number0001")).toBeVisible();
  await page.route(SAVE, (route) => route.abort());
  await cell(page, "Adam Bartoš").focus();
  await page.keyboard.press("a");
  await elsewhere(request, id, "Adam Bartoš", "LATE");
  await expect(row(page, "Adam Bartoš").getByText("You: Absent. Teacher Number0001: Late.")).toBeVisible();
  await expect(page.getByText("Not saved: 1 needs your decision")).toBeVisible();
  await page.unroute(SAVE);
  await row(page, "Adam Bartoš").getByRole("button", { name: "Keep mine" }).click();
  await expect(page.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
  await page.reload();
  await expect(cell(page, "Adam Bartoš")).toHaveAccessibleName(/absent$/);
});

test("a finished class is corrected by hand only, and a class of somebody else is not there", async ({ page }) => {
  const id = await open(page);
  await page.getByRole("button", { name: "Mark all 30 present and finish" }).click();
  await expect(page.getByText("Nobody is absent, so nobody is told.")).toBeVisible();
  await cell(page, "Adam Bartoš").focus();
  await page.keyboard.press("a");
  await expect(page.getByText("1 correction not saved")).toBeVisible();
  await page.getByRole("button", { name: "Save 1 correction" }).click();
  await expect(page.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
  const missing = await page.goto(`/classes/${id}x`);
  expect(missing?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "There is no such class of yours" })).toBeVisible();
});

test("a class that is not open yet can be read, not marked", async ({ page }) => {
  await open(page, { startsInMinutes: 90 });
  await expect(page.getByText(/^Marking opens at \d\d:\d\d/)).toBeVisible();
  await expect(grid(page).getByRole("button")).toHaveCount(0);
});

for (const colorScheme of ["light", "dark"] as const)
  test(`today and the grid pass axe in ${colorScheme} mode`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await open(page);
    await cell(page, "Adam Bartoš").focus();
    for (const key of ["a", "l", "e", "p"]) await page.keyboard.press(key);
    await page.keyboard.press("F2");
    await expectAccessible(page);
    await page.getByRole("button", { name: /others present and finish$/ }).click();
    await expect(page.getByRole("heading", { name: "Finished" })).toBeVisible();
    await expectAccessible(page);
    await page.goto("/today");
    await expect(page.getByRole("heading", { name: "Classes of today" })).toBeVisible();
    await expectAccessible(page);
  });
