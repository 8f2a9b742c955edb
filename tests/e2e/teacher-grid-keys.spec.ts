// A teacher marks a class with the keys: moving, marking, ranges, notes, minutes, undo, and the list of keys.
import { expect, test } from "@playwright/test";
import { expectAccessible } from "./attendance-scene";
import { cell, elsewhere, grid, gridScene, row, said } from "./grid-page";

const { scene, open } = gridScene();

test("with the keys alone: 30 students, 3 exceptions, finished in 16 keys", async ({ page }) => {
  await open(page);
  let keys = 0;
  const press = async (key: string) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  await expect(grid(page).locator(":focus")).toHaveCount(1);
  for (const [typed, status] of [
    ["gr", "a"],
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
  await expect(page.getByText("2 students have no guardian: Filip Gregor, Radek Šťastný.")).toBeVisible();
  await expect(cell(page, "Filip Gregor")).toHaveAccessibleName(/, row \d+ of 30, absent$/);
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
  await expect(first).toHaveAccessibleName("Adámková, Žofie, row 1 of 30, absent");
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
  await expect(page.getByRole("combobox")).toBeFocused();
});

test("who fits is shown while a name is typed; when two fit, Enter asks which", async ({ page }) => {
  await open(page);
  await cell(page, "Adam Bartoš").focus();
  await page.keyboard.press("/");
  const find = page.getByRole("combobox", { name: "Find a student by name" });
  const options = page.getByRole("option");
  await find.pressSequentially("fi");
  await expect(options).toHaveText(["Fiala, Emil", "Gregor, Filip"]);
  await expect(page.getByText("2 matches. Choose with ↑ and ↓, then press Enter.").first()).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(find).toBeFocused();
  await expect(options.first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowDown");
  await expect(find).toHaveAttribute("aria-activedescendant", (await options.nth(1).getAttribute("id")) ?? "-");
  await page.keyboard.press("Enter");
  await expect(cell(page, "Filip Gregor")).toBeFocused();
  await expect(options).toHaveCount(0);
  // The mouse takes one of them as well.
  await page.keyboard.press("/");
  await find.pressSequentially("fi");
  await options.first().click();
  await expect(cell(page, "Emil Fiala")).toBeFocused();
});

test("a range is marked at once and undone at once, in sight and in words", async ({ page }) => {
  await open(page);
  await cell(page, "Žofie Adámková").focus();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(row(page, "Adam Bartoš")).toHaveAttribute("aria-selected", "true");
  await expect(said(page)).toHaveText("3 students selected. The next mark applies to all of them.");
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
  const hint = "Adam Bartoš is not marked late. Press L first, then M.";
  // It stays for some seconds only: it is looked for before it can be there.
  await Promise.all([page.getByText(hint).first().waitFor(), page.keyboard.press("m")]);
  await expect(said(page)).toHaveText(hint);
  await page.keyboard.press("/");
  await page.keyboard.type("qx");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("combobox")).toHaveAccessibleDescription("No name starts with qx.");
  await expect(page.locator("#grid-find-missed")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(cell(page, "Adam Bartoš")).toBeFocused();
});

test("a field that was left does not take the focus again: letters on the row stay marks", async ({
  page,
  request,
}) => {
  const id = await open(page);
  await cell(page, "Adam Bartoš").focus();
  await page.keyboard.press("F2");
  const note = page.getByRole("textbox", { name: "Note about Adam Bartoš" });
  await expect(note).toBeFocused();
  await cell(page, "Adam Bartoš").focus();
  await page.keyboard.press("l");
  await expect(cell(page, "Šimon Beneš")).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("a");
  await page.keyboard.press("e");
  await expect(note).toHaveValue("");
  await expect(cell(page, "Adam Bartoš")).toHaveAccessibleName(/absent$/);
  await expect(cell(page, "Šimon Beneš")).toHaveAccessibleName(/excused$/);
  // Nor is what is being typed lost when a colleague marks the same student.
  await expect(page.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
  await note.fill("rang at ");
  await elsewhere(scene(), request, id, "Adam Bartoš", "LATE");
  await expect(page.getByRole("textbox", { name: "Minutes late: Adam Bartoš" })).toBeVisible();
  await note.pressSequentially("8");
  await expect(note).toHaveValue("rang at 8");
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

test("? opens the list of keys, and the switch in it turns single keys off on this device", async ({ page }) => {
  await page.setViewportSize({ width: 1100, height: 800 });
  await open(page);
  // Far from the button that the list belongs to.
  await cell(page, "Yvona Zemanová").focus();
  await page.keyboard.press("?");
  const list = page.getByRole("group", { name: "Keyboard shortcuts" });
  await expect(list).toBeFocused();
  await expect(list).toBeInViewport({ ratio: 0.9 });
  await expectAccessible(page);
  await expect(list.getByRole("heading", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(list.getByRole("button", { name: "Close" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(list).toBeHidden();
  await expect(cell(page, "Yvona Zemanová")).toBeFocused();
  await page.keyboard.press("?");
  for (let n = 0; n < 2; n++) await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await expect(page.getByRole("checkbox", { name: /Single-key shortcuts/ })).not.toBeChecked();
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
