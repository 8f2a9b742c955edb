// The class grid as it is seen: four taps on a phone, two columns where there is room, the filter, light and dark.
import { expect, test } from "@playwright/test";
import { expectAccessible } from "./attendance-scene";
import { cell, grid, gridScene, row, SAVE } from "./grid-page";

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
