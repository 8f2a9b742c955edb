// What a student does: find a section, take the seat, see the week, give the seat back. With the mouse, with the keys
// alone, on a phone, on paper, in the dark and without script.
import { expect, type Page, test } from "@playwright/test";
import { attendanceScene } from "./attendance-scene";
import { signInTo } from "./sign-in";
import {
  alertOf,
  call,
  dropAllTaken,
  enrollmentIds,
  expectAccessible,
  expectNoSidewaysScroll,
  first,
  live,
  phone,
  rowOf,
  sectionsBy,
  signIn,
  takable,
  type Section,
  demoStudents,
} from "./student-scene";

// What a service worker's routes send to the network passes by the requests that a test holds or refuses.
test.use({ serviceWorkers: "block" });

const students = demoStudents();
/** The place of a section's one act: it names the section and has nothing to press. */
const actOf = (page: Page, section: Section) => rowOf(page, section).getByRole("group", { name: section.code });

test("finds a section, takes the seat in one press, sees it in the week, and gives it back", async ({ page }) => {
  const section = first(await takable(students.me));
  await signIn(page, "/sections");
  await expect(page).toHaveTitle(/Sections – CampusOS/);
  await page.getByLabel("Search", { exact: true }).fill(section.code.toLowerCase());
  await expect(page).toHaveURL(/q=/);
  await expect(page.getByText("1 section", { exact: true })).toBeVisible();
  await expectAccessible(page);

  await rowOf(page, section)
    .getByRole("button", { name: `Enroll in ${section.code}, ${section.course.title}` })
    .click();
  await expect(rowOf(page, section).getByText("Enrolled", { exact: true })).toBeVisible();
  await expect(rowOf(page, section).getByText(`${section.seatsAvailable - 1} of`)).toBeVisible();
  await expect(actOf(page, section)).toBeFocused();

  await page.getByRole("link", { name: "My week" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "My week" })).toBeVisible();
  await expectAccessible(page);

  await page.goto(`/sections/${section.id}`);
  await expect(page).toHaveTitle(new RegExp(`^${section.code} .* – CampusOS$`));
  await expect(page.getByText("You are in this section.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: /^Drop/ }).click();
  const dialog = page.getByRole("dialog", { name: `Drop ${section.code}?` });
  await expect(dialog).toContainText("You give up your seat");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("link", { name: /^Drop/ }).click();
  await dialog.getByRole("button", { name: `Drop ${section.code}` }).click();
  await expect(page.getByRole("status").filter({ hasText: `You dropped ${section.code}` })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Enroll/ })).toBeVisible();
  expect(new Set(await enrollmentIds(students.me))).toEqual(students.mine);
});

test("does the same with the keys alone", async ({ page }) => {
  const section = first(await takable(students.me));
  await signIn(page, "/sections");
  await page.goto(`/sections?q=${section.code}`);
  await expect(live(page)).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  const tabTo = async (name: RegExp) => {
    for (let presses = 0; presses < 25; presses++) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => document.activeElement?.textContent ?? "");
      if (name.test(focused)) return;
    }
    throw new Error(`no tab stop ${String(name)}`);
  };
  await tabTo(/^Enroll in /);
  await page.keyboard.press("Enter");
  await expect(rowOf(page, section).getByText("Enrolled", { exact: true })).toBeVisible();
  await expect(actOf(page, section)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.keyboard.press("Tab");
  await expect(rowOf(page, section).getByRole("link", { name: /^Drop/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await expect(page.locator("dialog :focus")).toHaveAccessibleName(/^(Close|Cancel)$/); // the safe way out comes first
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(rowOf(page, section).getByRole("link", { name: /^Drop/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await tabTo(new RegExp(`^Drop ${section.code}$`));
  await page.keyboard.press("Enter");
  await expect(actOf(page, section)).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(rowOf(page, section).getByRole("button", { name: /^Enroll/ })).toBeFocused();
});

test("a drop frees other sections, and Enter once more enrolls in none of them", async ({ page }) => {
  const free = await takable(students.me);
  // One that lies over others: they cannot be taken until it is dropped, and then all of them turn free at once.
  let mine: Section | undefined;
  let freed: Section[] = [];
  for (const section of free) {
    expect((await call(students.me, "POST", "/api/enroll", { sectionId: section.id })).status).toBe(201);
    const now = await sectionsBy(students.me, "availability=all");
    const blocked = new Set(now.filter(({ blockers }) => blockers.length > 0).map(({ id }) => id));
    freed = free.filter(({ id }) => id !== section.id && blocked.has(id));
    mine = section;
    if (freed.length > 1) break;
    await dropAllTaken(students.me, students.mine);
  }
  if (!mine || freed.length < 2) throw new Error("the demo school has no two sections that lie over a third");
  await signIn(page, "/sections?availability=all");
  await expect(live(page)).toBeVisible();
  await rowOf(page, mine).getByRole("link", { name: /^Drop/ }).press("Enter");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: `Drop ${mine.code}` })
    .press("Enter");
  for (const section of [mine, ...freed])
    await expect(rowOf(page, section).getByRole("button", { name: /^Enroll/ })).toBeVisible();
  await expect(actOf(page, mine)).toBeFocused();
  for (let n = 0; n < 3; n++) await page.keyboard.press("Enter");
  await expect(actOf(page, mine)).toBeFocused();
  expect(new Set(await enrollmentIds(students.me))).toEqual(students.mine);
});

test("shows a seat that somebody else takes, in place, within seconds; and says when it is not live", async ({
  page,
}) => {
  const theirCodes = new Set((await takable(students.other)).map(({ code }) => code));
  const section = first((await takable(students.me)).filter(({ code }) => theirCodes.has(code)));
  await signIn(page, "/sections");
  await expect(live(page)).toHaveText("Updated just now");
  const codes = () => page.getByRole("rowheader").allTextContents();
  const before = await codes();
  expect((await call(students.other, "POST", "/api/enroll", { sectionId: section.id })).status).toBe(201);
  await expect(rowOf(page, section).getByText(`${section.seatsAvailable - 1} of`)).toBeVisible({ timeout: 15_000 });
  expect(await codes()).toEqual(before);
  await page.route("**/api/sections/seats*", (route) => route.abort());
  await expect(page.getByText(/^Not live – last updated \d\d:\d\d$/)).toBeVisible();
  await page.unroute("**/api/sections/seats*");
  await expect(live(page)).toBeVisible();
});

test("says at the row why a press did not work, and names what a section overlaps", async ({ page }) => {
  const section = first(await takable(students.me));
  await signIn(page, `/sections?q=${section.code}&availability=all`);
  await expect(live(page)).toBeVisible();
  // The same student was quicker elsewhere.
  expect((await call(students.me, "POST", "/api/enroll", { sectionId: section.id })).status).toBe(201);
  await rowOf(page, section)
    .getByRole("button", { name: /^Enroll/ })
    .click();
  await expect(alertOf(page, section)).toHaveText("You are already in a section of this course.");
  await expect(rowOf(page, section).getByText("Enrolled", { exact: true })).toBeVisible();

  const { body } = await call(students.me, "GET", "/api/sections/available?availability=all&limit=200");
  const blocked = (body as { items: Section[] }).items.find(({ blockers }) => blockers[0] === "time_conflict");
  if (!blocked) throw new Error("the demo school has no overlap for this student");
  await page.goto(`/sections?q=${blocked.code}&availability=all`);
  await expect(page.getByText(/^Overlaps \S+ on \w+day \d\d:\d\d$/).first()).toBeVisible();
  await expect(rowOf(page, blocked).getByRole("button")).toHaveCount(0);
});

test("prints the week on one sheet with school, name and date", async ({ page }) => {
  await signIn(page, "/timetable");
  await page.emulateMedia({ media: "print" });
  await expect(page.getByText("Willow Creek School", { exact: false }).filter({ visible: true })).toHaveCount(1);
  await expect(page.getByText(/^Printed on \d|^Printed on \w+ \d/)).toBeVisible();
  await expect(page.getByRole("link", { name: "Next week" })).toBeHidden();
  await page.setViewportSize({ width: 1047, height: 718 }); // the sheet less its margins
  const grid = await page.locator("section[id=mo]").locator("..").boundingBox();
  expect(grid?.width).toBeGreaterThan(1_000); // the place of the navigation is not left empty
  expect((grid?.y ?? 0) + (grid?.height ?? 0)).toBeLessThanOrEqual(718);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  const [, width, height] = /\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf) ?? [];
  expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([842, 595]); // A4 landscape, in points
});

test("counts down to the next class while the page stays open", async ({ page }) => {
  // A school of its own: when the demo student's next class is depends on the hour.
  const scene = await attendanceScene();
  await scene.newClass({ startsInMinutes: 150 });
  await page.clock.install();
  await signInTo(page, scene.student, "/timetable");
  await scene.close();
  await expect(page.getByText(/^Next: /)).toBeVisible();
  await page.clock.pauseAt(Date.now() + 60_000);
  const left = page.getByText(/^in \d+ min$/);
  await expect(left).toHaveCount(0);
  await page.clock.fastForward("45:00");
  await expect(left).toBeVisible();
  const before = Number(/\d+/.exec((await left.textContent()) ?? "")?.[0]);
  expect(before).toBeLessThanOrEqual(120);
  await page.clock.fastForward("05:00");
  await expect(left).toHaveText(`in ${before - 5} min`);
});

test("goes from Monday on, on a phone and in the grid; today is one press away and what is on now is said first", async ({
  browser,
  baseURL,
}) => {
  const scene = await attendanceScene();
  await scene.newClass({ startsInMinutes: -1 });
  const page = await phone(browser, { baseURL: baseURL ?? "", colorScheme: "light" });
  await signInTo(page, scene.student, "/timetable");
  await scene.close();
  await expect(page.getByText(/^Now: .+, until \d\d:\d\d/)).toBeVisible();
  const strip = page.getByRole("navigation", { name: "Days of this week" }).getByRole("link");
  const hrefs = await strip.evaluateAll((links) => links.map((link) => link.getAttribute("href")?.slice(1)));
  const days = page.locator("section[id]");
  expect(await days.evaluateAll((sections) => sections.map(({ id }) => id))).toEqual(hrefs);
  const tops = await days.evaluateAll((sections) => sections.map((section) => section.getBoundingClientRect().top));
  expect(tops).toEqual([...tops].sort((one, other) => one - other));
  const running = page.getByRole("listitem").filter({ has: page.getByText("Now", { exact: true }) });
  await page.locator('nav a[aria-current="date"]').tap();
  await expect(running.first()).toBeInViewport();
  await expectAccessible(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  const starts = await days.evaluateAll((sections) =>
    sections
      .map((section) => ({ id: section.id, offsetLeft: section.getBoundingClientRect().left }))
      .sort((one, other) => one.offsetLeft - other.offsetLeft),
  );
  expect(starts.map(({ id }) => id)).toEqual(hrefs);
  await page.context().close();
});

test("a class of a quarter of an hour can be read in the grid and on paper", async ({ page }) => {
  const scene = await attendanceScene();
  const { id } = await scene.newClass({ startsInMinutes: 5, lengthMinutes: 15 });
  await page.setViewportSize({ width: 1280, height: 800 });
  await signInTo(page, scene.student, "/timetable");
  await scene.close();
  const block = page.locator(`[data-class="${id}"]`);
  const isWhole = () =>
    block.evaluate((link) => {
      const first = link.firstElementChild;
      const line = first?.getBoundingClientRect();
      const box = link.getBoundingClientRect();
      return line !== undefined && line.height >= 12 && line.top >= box.top && line.bottom <= box.bottom;
    });
  await expect(block).toContainText("8.A");
  await expect.poll(isWhole).toBe(true);
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 1047, height: 718 });
  await expect.poll(isWhole).toBe(true);
  await expect(block.getByText(/\d\d:\d\d–\d\d:\d\d/).filter({ visible: true })).toHaveCount(1);
});

test("shows the week of a date and the way to the next class from an empty one", async ({ page }) => {
  await signIn(page, "/timetable?week=2001-W05");
  await expect(page.getByRole("heading", { name: "No classes this week" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "This week" }).click();
  await expect(page).toHaveURL(/\/timetable$/);
  await expect(page.getByText("Today", { exact: true }).first()).toBeAttached();
  await page.getByRole("link", { name: "Next week" }).click();
  await expect(page).toHaveURL(/week=\d{4}-W\d\d/);
  await expect(page.getByRole("heading", { level: 2, name: /^Monday/ })).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`fits a phone of 360 px, ${colorScheme}`, async ({ browser, baseURL }) => {
    const page = await phone(browser, { baseURL: baseURL ?? "", colorScheme });
    const section = first(await takable(students.me));
    await signIn(page, "/sections");
    await expect(live(page)).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Filters (1)", exact: true }).click();
    await expect(page.getByLabel("Day", { exact: true })).toBeVisible();
    await expectAccessible(page, "#section-filters"); // it covers a part of the page until it is closed
    await page.getByLabel("Fits my timetable").check();
    await expect(page).toHaveURL(/fitsMySchedule=true/);
    const fitting = (await sectionsBy(students.me, "fitsMySchedule=true")).length;
    await page.getByRole("button", { name: `Show ${fitting} sections` }).tap();
    await expect(page.getByLabel("Day", { exact: true })).toBeHidden();
    await expect(page.getByRole("button", { name: "Filters (2)", exact: true })).toBeVisible();
    await page.getByRole("link", { name: "Remove filter: Fits my timetable" }).tap();
    await expect(page).not.toHaveURL(/fitsMySchedule/);
    const button = rowOf(page, section).getByRole("button", { name: /^Enroll/ });
    expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await button.tap();
    await expect(rowOf(page, section).getByText("Enrolled", { exact: true })).toBeVisible();
    for (const path of ["/timetable", `/sections/${section.id}`]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
    await page.context().close();
  });
}

test("works without script: filter, enroll, week, drop", async ({ browser, baseURL }) => {
  const section = first(await takable(students.me));
  const context = await browser.newContext({ baseURL: baseURL ?? "", javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, "/sections");
  await page.getByLabel("Search", { exact: true }).fill(section.code);
  await page.getByRole("button", { name: "Show results" }).first().click();
  await expect(page.getByText("1 section", { exact: true })).toBeVisible();
  await expect(page.getByText(/^Seats as of \d\d:\d\d$/)).toBeVisible();
  await rowOf(page, section)
    .getByRole("button", { name: /^Enroll/ })
    .click();
  await expect(rowOf(page, section).getByText("Enrolled", { exact: true })).toBeVisible();
  await page.goto("/timetable");
  await expect(page.getByRole("heading", { level: 1, name: "My week" })).toBeVisible();
  await page.goto(`/sections?q=${section.code}`);
  await rowOf(page, section).getByRole("link", { name: /^Drop/ }).click();
  await expect(page).toHaveURL(new RegExp(`/sections/${section.id}\\?list=.*#drop$`));
  await page.getByRole("button", { name: `Drop ${section.code}` }).click();
  await expect(page.getByText("A seat is free.")).toBeVisible();
  expect(new Set(await enrollmentIds(students.me))).toEqual(students.mine);
  await context.close();
});
