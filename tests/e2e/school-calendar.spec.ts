// Days without school and changed classes: the office's calendar, one class cancelled, moved and given back, and what the
// people of the class see of it.
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "./attendance-scene";
import { signInTo } from "./sign-in";
import { grid, gridScene, row } from "./grid-page";

const { scene, open } = gridScene();
const daysOff = (page: Page) => page.getByRole("region", { name: "Days off", exact: true });
const THEMES = ["light", "dark"] as const;
const WIDTHS = [360, 1_280] as const;

/** Signs somebody else in on a browser of their own, and lets it go at the end. */
async function as(
  page: Page,
  who: { email: string; password: string },
  path: string,
  look: (own: Page) => Promise<void>,
) {
  const context = await page.context().browser()?.newContext();
  if (!context) throw new Error("the page belongs to a browser");
  const own = await context.newPage();
  await signInTo(own, who, path);
  await look(own);
  await context.close();
}

async function expectFits(page: Page, width: number, picture: string): Promise<void> {
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  await page.screenshot({ path: test.info().outputPath(`${picture}.png`), fullPage: true });
}

const calendarFile = (events: readonly [day: string, title: string][]) => ({
  name: "holidays.ics",
  mimeType: "text/calendar",
  buffer: Buffer.from(
    [
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      ...events.flatMap(([date, title], n) => [
        "BEGIN:VEVENT",
        `UID:${n}@holidays.example`,
        `DTSTART;VALUE=DATE:${date.replaceAll("-", "")}`,
        `SUMMARY:${title}`,
        "END:VEVENT",
      ]),
      "END:VCALENDAR",
      "",
    ].join("\r\n"),
  ),
});

test("a day off is added and removed by keys; the class is cancelled for everybody, and takes place again", async ({
  page,
}) => {
  test.slow();
  const { id } = await scene().newClass({ startsInMinutes: 24 * 60 });
  await signInTo(page, scene().admin, "/admin/calendar");
  await expect(page.getByText("No days off yet")).toBeVisible();
  const add = page.getByRole("button", { name: "Add and cancel classes" });
  await add.focus();
  await page.keyboard.press("Enter");
  const summary = page.getByRole("alert").filter({ hasText: "Check these fields" });
  await expect(summary).toBeFocused();
  await expect(summary).toContainText("Choose the first day.");
  await expect(summary).toContainText("Enter a name of up to 100 characters.");
  await expectAccessible(page);
  await page.getByLabel("First day").fill(scene().dateIn(1));
  await page.getByRole("textbox", { name: "Name" }).fill("Founders’ Day");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Founders’ Day added. 1 class is cancelled.")).toBeVisible();
  await expect(daysOff(page)).toContainText("Added by the office · 1 class cancelled");

  await page.goto(`/admin/calendar/${scene().dateIn(1)}`);
  await expect(page.getByText("No school: Founders’ Day").first()).toBeVisible();
  await as(page, scene().teacher, `/classes/${id}`, async (teacher) => {
    await expect(teacher.getByText("No school: Founders’ Day").first()).toBeVisible();
    await expect(teacher.getByRole("button", { name: /finish/i })).toHaveCount(0);
    await expectAccessible(teacher);
  });
  await as(page, scene().student, "/timetable", async (student) => {
    await student.goto(`/timetable?week=${scene().dateIn(1)}`);
    await expect(student.getByText(/Founders’ Day/).first()).toBeVisible();
  });

  await page.goto("/admin/calendar");
  await daysOff(page).getByText("Remove", { exact: false }).first().focus();
  await page.keyboard.press("Enter");
  await expect(
    page.getByText("1 class will take place again. Students, guardians and teachers are notified."),
  ).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Remove and hold classes: Founders’ Day" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Removed. 1 class takes place again.")).toBeVisible();
  await expect(page.getByText("No days off yet")).toBeVisible();
  await as(page, scene().teacher, `/classes/${id}`, async (teacher) => {
    await expect(teacher.getByText("No school: Founders’ Day")).toHaveCount(0);
  });
});

test("holidays come from a file: what would change first, what is left out by line, and nothing twice", async ({
  page,
}) => {
  await signInTo(page, scene().admin, "/admin/calendar");
  const check = () => page.getByRole("button", { name: "Check the file" }).click();
  await check();
  await expect(page.getByText("Choose a calendar file.")).toBeVisible();
  await page.getByLabel("Calendar file").setInputFiles({
    name: "notes.ics",
    mimeType: "text/calendar",
    buffer: Buffer.from("Holidays: see the wall"),
  });
  await check();
  await expect(page.getByText("This file cannot be read")).toBeVisible();
  await expect(page.getByText(/^Line 1: this is not an iCalendar file/)).toBeVisible();
  await expectAccessible(page);
  const file = calendarFile([
    [scene().dateIn(2), "Harvest holiday"],
    [scene().dateIn(3), "Bridge day"],
    ["1999-01-01", "New Year"],
  ]);
  await page.getByLabel("Calendar file").setInputFiles(file);
  await check();
  const preview = page.getByRole("region", { name: "What will change" });
  await expect(preview.getByRole("status")).toContainText("2 new days off");
  await expect(preview.getByRole("status")).toContainText("1 event is outside these school years");
  await expect(daysOff(page)).not.toContainText("Harvest holiday");
  await page.getByRole("button", { name: "Import 2 days off" }).click();
  await expect(page.getByText(/^2 days off added, 0 changed\./)).toBeVisible();
  await expect(daysOff(page)).toContainText("Harvest holiday");
  await expect(daysOff(page)).toContainText("Imported calendar");
  await page.getByLabel("Calendar file").setInputFiles(file);
  await check();
  await expect(page.getByText("Nothing to import. The calendar stays as it is.")).toBeVisible();
  for (const title of ["Harvest holiday", "Bridge day"]) {
    await daysOff(page).getByRole("listitem").filter({ hasText: title }).getByText("Remove").first().click();
    await page.getByRole("button", { name: `Remove: ${title}` }).click();
    await expect(page.getByText(/^Removed\./)).toBeVisible();
  }
});

test("a teacher cancels a class with a reason and holds it after all; moves it, and its students see where it went", async ({
  page,
}) => {
  test.slow();
  const { id } = await scene().newClass({ startsInMinutes: 26 * 60 });
  await signInTo(page, scene().teacher, `/classes/${id}`);
  await page.getByRole("link", { name: "Cancel or move" }).click();
  await expect(page.getByText("30 students, 1 guardian, and 1 other teacher are notified.").first()).toBeVisible();
  await page.getByRole("textbox", { name: "Reason" }).first().fill("The hall is closed");
  await page.getByRole("button", { name: "Cancel class" }).click();
  await expect(page.getByRole("status").filter({ hasText: "This class is cancelled." })).toBeVisible();
  await expect(page.getByText("Cancelled: The hall is closed")).toBeVisible();
  await page.getByRole("button", { name: "Hold this class after all" }).click();
  await expect(page.getByText(/^This class takes place\./)).toBeVisible();

  const move = page.getByRole("region", { name: "Move this class" });
  await move.getByLabel("Ends").fill("00:00");
  await move.getByRole("button", { name: "Move class" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Check these fields" })).toContainText(
    "Enter an end after the start.",
  );
  await move.getByLabel("New date").fill(scene().dateIn(2));
  await move.getByLabel("Starts").fill("10:15");
  await move.getByLabel("Ends").fill("11:00");
  await move.getByLabel("Room").fill("Gym 2");
  await move.getByRole("button", { name: "Move class" }).click();
  await expect(page.getByText(/^This class has moved\./)).toBeVisible();
  await expect(page.getByText(/^Moved from /)).toBeVisible();
  await as(page, scene().student, "/timetable", async (student) => {
    await student.goto(`/timetable?week=${scene().dateIn(2)}`);
    await expect(student.getByText(/Moved from/).first()).toBeVisible();
    await expect(student.getByText(/Gym 2/).first()).toBeVisible();
    await expectAccessible(student);
    await student.goto(`/timetable?week=${scene().dateIn(1)}`);
    await expect(student.getByText(/Moved to/).first()).toBeVisible();
  });
  await page.getByRole("button", { name: /^Move it back to / }).click();
  await expect(page.getByText(/^This class takes place\./)).toBeVisible();
  await expect(page.getByText(/^Moved from /)).toHaveCount(0);
});

test("a class that is being marked is neither cancelled nor moved, and its page says what to do", async ({ page }) => {
  const id = await open(page);
  await row(page, "Adam Bartoš").getByRole("button", { name: "Absent" }).click();
  await expect(page.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
  await page.goto(`/classes/${id}/change`);
  await expect(page.getByText("Students are marked in this class. Clear the marks first.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Cancel class" })).toHaveCount(0);
  await expectAccessible(page);
});

test("a student who left after the class was finished stays on its sheet, with a hint, and is counted in nothing", async ({
  page,
}) => {
  await scene().setGrace(0);
  await open(page);
  await page.getByRole("button", { name: "Mark all 30 present and finish" }).click();
  await expect(page.getByText("30 present", { exact: true })).toBeVisible();
  await scene().leave("Čeněk Doležal");
  await page.reload();
  await expect(grid(page).getByRole("row")).toHaveCount(30);
  await expect(row(page, "Čeněk Doležal")).toContainText(/Left this class on /);
  await expect(page.getByRole("button", { name: /^Mark \d+ others? present/ })).toHaveCount(0);
  await expectAccessible(page);
});

for (const colorScheme of THEMES)
  for (const width of WIDTHS)
    test(`the calendar, its days and a class's page fit and pass axe, ${colorScheme}, ${width} px`, async ({
      page,
    }) => {
      test.slow();
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      const { id } = await scene().newClass({ startsInMinutes: 24 * 60 });
      await signInTo(page, scene().admin, "/admin/calendar");
      await page.getByLabel("First day").fill(scene().dateIn(5));
      await page.getByLabel("Last day").fill(scene().dateIn(9));
      const title = `Winter break of the whole region, ${colorScheme} ${width}`;
      await page.getByRole("textbox", { name: "Name" }).fill(title);
      await page.getByRole("button", { name: "Add and cancel classes" }).click();
      await expect(page.getByText(`${title} added.`)).toBeVisible();
      await daysOff(page).getByText("Remove", { exact: false }).first().click();
      await expectFits(page, width, "calendar");
      await page.goto(`/admin/calendar/${scene().dateIn(1)}`);
      await expect(page.getByRole("list", { name: "Classes of the day" })).toBeVisible();
      await expectFits(page, width, "day");
      await page.goto(`/admin/calendar/${scene().dateIn(1)}?q=nothing+like+it`);
      await expect(page.getByText("No class on this day matches “nothing like it”.")).toBeVisible();
      await expectFits(page, width, "day-empty");
      await page.goto(`/admin/classes/${id}`);
      await expect(page.getByRole("heading", { name: "Cancel this class" })).toBeVisible();
      await expectFits(page, width, "class");
      await page.goto("/admin/settings");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectFits(page, width, "settings");
    });
