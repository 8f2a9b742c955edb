// The class grid as it is seen: four taps on a phone, two columns where there is room, the filter, light and dark.
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "./attendance-scene";
import { cell, grid, gridScene, row, SAVE } from "./grid-page";

// What a service worker's routes send to the network passes by the requests that a test holds or refuses.
test.use({ serviceWorkers: "block" });

const { open } = gridScene();

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
    await page.getByRole("button", { name: "Add note about Adam Bartoš" }).tap();
    await expect(page.getByRole("textbox", { name: "Note about Adam Bartoš" })).toBeFocused();
    await expect(page.getByRole("link", { name: /^(Next class|Back to Today)/ })).toBeVisible();
    await expect(page.getByText(/^Done \d\d:\d\d$/)).toBeVisible();
    await expect(page).toHaveTitle(/^Course/);
    await expectAccessible(page);
  });
});

/** How many rows of the grid are wholly in sight between the bars. */
const rowsInSight = (page: Page) =>
  page.evaluate(() => {
    const boxOf = (selector: string) => document.querySelector(selector)?.getBoundingClientRect();
    const top = Math.max(0, boxOf("[role=group]:has(#grid-find)")?.bottom ?? 0);
    const bottom = boxOf("[data-sticky-foot]")?.top ?? innerHeight;
    const rows = [...document.querySelectorAll("[role=row]")].map((row) => row.getBoundingClientRect());
    return rows.filter((row) => row.top >= top - 1 && row.bottom <= bottom + 1).length;
  });
/** What stays where it is while the page scrolls, and takes room. */
const stuck = (page: Page) =>
  page.evaluate(() =>
    [...document.body.querySelectorAll("*")]
      .filter((element) => /^(fixed|sticky)$/.test(getComputedStyle(element).position))
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height > 1)
      .filter((element) => element.textContent !== "")
      .map((element) => element.className),
  );

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test("eight rows are in sight at once, nine when the page is scrolled, with the class and the tools above them", async ({
    page,
  }) => {
    await open(page);
    await expect(page.getByRole("navigation", { name: "Main" })).toBeHidden();
    expect(await rowsInSight(page)).toBeGreaterThanOrEqual(8);
    await page.evaluate(() => window.scrollTo(0, 600));
    await expect.poll(() => rowsInSight(page)).toBeGreaterThanOrEqual(9);
    await expect(page.getByRole("heading", { level: 1 })).toBeInViewport({ ratio: 1 });
    await expect(page.getByRole("link", { name: "Today" })).toBeInViewport({ ratio: 1 });
    await expect(page.getByRole("combobox")).toBeInViewport({ ratio: 1 });
    await row(page, "Lenka Malá").getByRole("button", { name: "Absent" }).tap();
    await expect(page.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
    const tops = await page
      .getByRole("list", { name: "Marks so far" })
      .getByRole("listitem")
      .evaluateAll((items) => new Set(items.map((item) => item.getBoundingClientRect().top)).size);
    expect(tops).toBe(1);
    const saved = await page.getByText(/^Saved/).boundingBox();
    const counts = await page.getByRole("list", { name: "Marks so far" }).boundingBox();
    expect(Math.abs((saved?.y ?? 0) - (counts?.y ?? 99))).toBeLessThan(4);
    for (const control of await page.locator("#main :is(button, a[href], input)").all()) {
      const box = (await control.isVisible()) ? await control.boundingBox() : null;
      if (box) expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
    }
    await expectAccessible(page);
  });
});

for (const [what, viewport] of [
  ["a phone on its side", { width: 740, height: 360 }],
  ["a page at 400 %", { width: 320, height: 200 }],
] as const)
  test(`on ${what} nothing sticks, and the row with the focus is in sight`, async ({ page }) => {
    await page.setViewportSize(viewport);
    await open(page);
    for (const path of [new URL(page.url()).pathname, "/today"]) {
      await page.goto(path);
      await page.evaluate(() => window.scrollTo(0, 300));
      expect(await stuck(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
    await page.goBack();
    await cell(page, "Adam Bartoš").focus();
    for (let n = 0; n < 12; n++) await page.keyboard.press("ArrowDown");
    await expect(grid(page).locator(":focus")).toBeInViewport({ ratio: 0.99 });
  });

for (const width of [360, 700, 1_280])
  test(`the tools of the list stand in one line at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await open(page);
    await cell(page, "Adam Bartoš").focus();
    await page.keyboard.press("a"); // Undo says what it will undo
    const tops = await page
      .getByRole("group", { name: "Class tools" })
      .locator("> button, > div > button, > div > input")
      .evaluateAll((tools) =>
        tools.filter((tool) => tool.checkVisibility()).map((tool) => tool.getBoundingClientRect()),
      );
    expect(tops.length).toBeGreaterThanOrEqual(5);
    const lowest = Math.min(...tops.map(({ bottom }) => bottom));
    expect(tops.every(({ top }) => top < lowest)).toBe(true);
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
  { width: 700, height: 740 },
  { width: 1100, height: 700 },
])
  test(`no bar ever covers the row with the focus at ${viewport.width} px, nor does a mark move a row`, async ({
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
    for (let n = 0; n < 29; n++) {
      await page.keyboard.press("ArrowUp");
      const covered = await page.evaluate(() => {
        const cell = document.activeElement?.getBoundingClientRect();
        const tools = document.querySelector("[role=group]:has(#grid-find)")?.getBoundingClientRect();
        return !cell || !tools || cell.top < tools.bottom - 1;
      });
      expect(covered).toBe(false);
    }
    await expect(page.getByText("On this device only – 29 marks waiting").first()).toBeVisible();
    expect((await grid(page).boundingBox())?.height).toBe(height);
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
  await page.keyboard.type("adam b");
  await page.keyboard.press("Enter");
  await expect(grid(page).getByRole("row")).toHaveCount(30);
  await expect(grid(page).locator("[role=rowheader][tabindex='0']")).toHaveCount(1);
});

for (const colorScheme of ["light", "dark"] as const)
  test(`today, the grid and the form without script pass axe in ${colorScheme} mode`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    const id = await open(page);
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
    await expect(page.getByRole("heading", { name: "Today’s classes" })).toBeVisible();
    await expectAccessible(page);
    await page.goto(`/classes/${id}/plain`);
    await expect(page.getByRole("radio", { name: "Mark of Adam Bartoš: Present" })).toHaveCount(1);
    await expectAccessible(page);
  });
