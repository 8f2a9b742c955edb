// What a teacher does: mark a class with the keys alone, with four taps on a phone, without script, beside a colleague.
import { expect, type Page, test } from "@playwright/test";
import { attendanceScene, expectAccessible, type Scene, signInTo } from "./attendance-scene";
import { cell, elsewhere, grid, openClass, row, said, SAVE } from "./grid-page";

let scene: Scene;
test.beforeAll(async () => {
  scene = await attendanceScene();
});
test.afterAll(async () => {
  await scene.close();
});
const open = (page: Page, options?: Parameters<Scene["newClass"]>[0]) => openClass(scene, page, options);

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
    // The bar lies above everything that scrolls below it, the tools of the list among it.
    const tops = await page.evaluate(() =>
      ["#grid-find", "[data-sticky-foot] button"].map(
        (selector) => document.querySelector(selector)?.getBoundingClientRect().top ?? 0,
      ),
    );
    await page.setViewportSize({ width: 360, height: Math.round(740 + (tops[0] ?? 0) - (tops[1] ?? 0)) });
    const isAbove = () =>
      page.evaluate(() => {
        const find = document.querySelector("#grid-find")?.getBoundingClientRect();
        const button = document.querySelector("[data-sticky-foot] button");
        const at = find && document.elementFromPoint(find.left + 20, find.top + find.height / 2);
        return at ? (button?.contains(at) ?? false) : false;
      });
    await expect.poll(isAbove).toBe(true);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole("button", { name: "Add note on Adam Bartoš" }).tap();
    await expect(page.getByRole("textbox", { name: "Note on Adam Bartoš" })).toBeFocused();
    await expect(page.getByRole("link", { name: /^(Next class|Back to Today)/ })).toBeVisible();
    await expect(page.getByText(/^Done \d\d:\d\d$/)).toBeVisible();
    await expect(page).toHaveTitle(/^Course/);
    await expectAccessible(page);
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

test("the keys of a row work after a click on one of its buttons", async ({ page }) => {
  await open(page);
  await row(page, "Adam Bartoš").getByRole("button", { name: "Present" }).click();
  await page.keyboard.press("ArrowDown");
  await expect(cell(page, "Šimon Beneš")).toBeFocused();
  await row(page, "Šimon Beneš").getByRole("button", { name: "Present" }).click();
  await page.keyboard.press("a");
  await expect(cell(page, "Šimon Beneš")).toHaveAccessibleName(/absent$/);
  await row(page, "Řehoř Cibulka").getByRole("button", { name: "Present" }).click();
  await page.keyboard.press("Control+z");
  await expect(cell(page, "Řehoř Cibulka")).toHaveAccessibleName(/not marked$/);
  await expect(cell(page, "Řehoř Cibulka")).toBeFocused();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
});

test("a range is marked at once and undone at once, in sight and in words", async ({ page }) => {
  await open(page);
  await cell(page, "Žofie Adámková").focus();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(row(page, "Adam Bartoš")).toHaveAttribute("aria-selected", "true");
  await expect(said(page)).toHaveText("3 students chosen. The next mark is for all of them.");
  await page.keyboard.press("e");
  for (const name of ["Žofie Adámková", "Adam Bartoš", "Šimon Beneš"])
    await expect(cell(page, name)).toHaveAccessibleName(/excused$/);
  await expect(cell(page, "Bára Černá")).toBeFocused();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Control+z");
  await expect(cell(page, "Žofie Adámková")).toBeFocused();
  await expect(cell(page, "Žofie Adámková")).toBeInViewport();
  await expect(said(page)).toHaveText("Undone for 3 students. 0 absent, 30 not marked.");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Escape");
  await page.keyboard.press("p");
  await expect(page.getByRole("list", { name: "Marks so far" })).toContainText("29 not marked");
});

test("what a key cannot do is shown and said: minutes of nobody late, a name that is not there", async ({ page }) => {
  await open(page);
  await cell(page, "Adam Bartoš").focus();
  await page.keyboard.press("m");
  const hint = "Adam Bartoš is not late. Press L first, then M for the minutes.";
  await expect(page.getByText(hint).first()).toBeVisible();
  await expect(said(page)).toHaveText(hint);
  await page.keyboard.press("/");
  await page.keyboard.type("qx");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("searchbox")).toHaveAccessibleDescription("No name starts with qx.");
  await expect(page.locator("#grid-find-missed")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(cell(page, "Adam Bartoš")).toBeFocused();
});

test("a note that is being typed is finished with the class", async ({ page }) => {
  const id = await open(page);
  await cell(page, "Adam Bartoš").focus();
  await page.keyboard.press("a");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("F2");
  await page.keyboard.type("rang at 8");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("heading", { name: "Finished" })).toBeFocused();
  await page.goto(`/classes/${id}`);
  await expect(cell(page, "Adam Bartoš")).toHaveAccessibleName(/absent, has a note$/);
});

test("the filter shows who has no mark; a row stays while it is being marked; a name found elsewhere comes back", async ({
  page,
}) => {
  await open(page);
  await cell(page, "Žofie Adámková").focus();
  for (let n = 0; n < 28; n++) await page.keyboard.press("p");
  const filter = page.getByRole("button", { name: "Not marked (2)" });
  await filter.click();
  await expect(grid(page).getByRole("row")).toHaveCount(2);
  await expect(grid(page).locator("[role=rowheader][tabindex='0']")).toHaveCount(1);
  await page.keyboard.press("Tab");
  await grid(page).getByRole("rowheader").first().focus();
  await page.keyboard.press("a");
  await expect(grid(page).getByRole("row")).toHaveCount(2);
  await expect(grid(page).getByRole("row").first()).toHaveAttribute("aria-rowindex", "29");
  await page.keyboard.press("/");
  await page.keyboard.type("adam");
  await page.keyboard.press("Enter");
  await expect(grid(page).getByRole("row")).toHaveCount(30);
  await expect(grid(page).locator("[role=rowheader][tabindex='0']")).toHaveCount(1);
});

test("? opens the list of keys, and the switch in it turns single keys off on this device", async ({ page }) => {
  await page.setViewportSize({ width: 1100, height: 800 });
  await open(page);
  // Far from the button that the list belongs to.
  await cell(page, "Yvona Zemanová").focus();
  await page.keyboard.press("?");
  const list = page.getByRole("group", { name: "Keys" });
  await expect(list).toBeFocused();
  await expect(list).toBeInViewport({ ratio: 0.9 });
  await expectAccessible(page);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await expect(page.getByRole("checkbox", { name: /Letters, digits and signs/ })).not.toBeChecked();
  await page.keyboard.press("Escape");
  await expect(cell(page, "Yvona Zemanová")).toBeFocused();
  await page.keyboard.press("a");
  await page.keyboard.press("2");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowDown");
  await expect(cell(page, "Yvona Zemanová")).toHaveAccessibleName(/not marked$/);
  await page.reload();
  await cell(page, "Adam Bartoš").focus();
  await page.keyboard.press("a");
  await expect(page.locator("[name=singleKeys]")).not.toBeChecked();
  await expect(cell(page, "Adam Bartoš")).toHaveAccessibleName(/not marked$/);
});

test("30 students stand in two columns where there is room, and the keys go down the first, then the second", async ({
  page,
}) => {
  await open(page);
  const cells = grid(page).getByRole("rowheader");
  const [a, b] = [await cells.nth(0).boundingBox(), await cells.nth(15).boundingBox()];
  expect(b?.y).toBeCloseTo(a?.y ?? -1, 0);
  expect(b?.x ?? 0).toBeGreaterThan(a?.x ?? 0);
  await cells.nth(14).focus();
  await page.keyboard.press("ArrowDown");
  await expect(cells.nth(15)).toBeFocused();
  await page.setViewportSize({ width: 1100, height: 800 });
  const [c, d] = [await cells.nth(14).boundingBox(), await cells.nth(15).boundingBox()];
  expect(d?.y ?? 0).toBeGreaterThan(c?.y ?? 0);
});

for (const viewport of [
  { width: 360, height: 740 },
  { width: 1100, height: 700 },
])
  test(`the bar at the foot never covers the row with the focus at ${viewport.width} px, nor does a mark move a row`, async ({
    page,
  }) => {
    await page.setViewportSize(viewport);
    await open(page);
    await page.route(SAVE, (route) => route.abort());
    const cells = grid(page).getByRole("rowheader");
    await cells.first().focus();
    const height = (await grid(page).boundingBox())?.height;
    for (let n = 0; n < 29; n++) {
      await page.keyboard.press(["p", "a", "l", "e"][n % 4] ?? "p");
      const covered = await page.evaluate(() => {
        const cell = document.activeElement?.getBoundingClientRect();
        const bar = document.querySelector("[data-sticky-foot]")?.getBoundingClientRect();
        return !cell || !bar || cell.bottom > bar.top;
      });
      expect(covered).toBe(false);
    }
    await expect(page.getByText("On this device only – 29 marks waiting").first()).toBeVisible();
    expect((await grid(page).boundingBox())?.height).toBe(height);
  });

test("a colleague's marks appear, and two marks of one student wait for a decision", async ({ page, request }) => {
  const id = await open(page);
  await elsewhere(scene, request, id, "Lenka Malá", "EXCUSED");
  await expect(cell(page, "Lenka Malá")).toHaveAccessibleName(/excused$/);
  await expect(row(page, "Lenka Malá").getByText("Marked by Teacher Number0001")).toBeVisible();
  await expect(row(page, "Lenka Malá").getByText("Marked by Teacher Number0001")).toBeHidden();
  await page.route(SAVE, (route) => route.abort());
  await cell(page, "Adam Bartoš").focus();
  await page.keyboard.press("a");
  await elsewhere(scene, request, id, "Adam Bartoš", "LATE");
  await expect(row(page, "Adam Bartoš").getByText("You: Absent. Teacher Number0001: Late.")).toBeVisible();
  await cell(page, "Čeněk Doležal").focus();
  await page.getByRole("button", { name: "Not saved: 1 needs your decision" }).click();
  await expect(cell(page, "Adam Bartoš")).toBeFocused();
  await expect(cell(page, "Adam Bartoš")).toHaveAccessibleDescription(/^You: Absent\./);
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
    // The page asks for itself anew; its title comes with the answer.
    await expect(page.getByText(/^Done \d\d:\d\d$/)).toBeVisible();
    await expect(page).toHaveTitle(/^Course/);
    await expectAccessible(page);
    await page.goto("/today");
    await expect(page.getByRole("heading", { name: "Classes of today" })).toBeVisible();
    await expectAccessible(page);
  });
