// The section list as one reads it: how much of it is seen at once, what stands in the way and where that leads, and the
// page of a section with the way back.
import { gzipSync } from "node:zlib";
import { expect, type Page, test } from "@playwright/test";
import {
  alertOf,
  call,
  demoStudents,
  expectAccessible,
  expectNoSidewaysScroll,
  first,
  live,
  phone,
  rowOf,
  type Section,
  sectionsBy,
  signIn,
  takable,
} from "./student-scene";

const students = demoStudents();
const week = (page: Page) => page.getByRole("complementary", { name: "My week" });
const all = () => sectionsBy(students.me, "availability=all");

test("shows 20 sections at once at 1280 × 800, the week beside them with its credits, and no heavy page", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await signIn(page, "/sections");
  const answer = await page.goto("/sections?availability=all");
  const html = (await answer?.body()) ?? Buffer.alloc(0);
  expect(html.length).toBeGreaterThan(10 * 1024);
  expect(html.length).toBeLessThan(135 * 1024);
  expect(gzipSync(html).length).toBeLessThan(22 * 1024); // as it goes over the wire
  await expect(live(page)).toBeVisible();
  const bottoms = await page
    .locator("tr[data-section]")
    .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().bottom));
  expect(bottoms.filter((bottom) => bottom <= 800).length).toBeGreaterThanOrEqual(20);
  const over = await page
    .getByRole("region", { name: "Sections by course" })
    .evaluate((region) => region.scrollWidth - region.clientWidth);
  expect(over).toBe(0); // nothing of a row is behind the edge of its frame
  await expect(week(page).getByText(/^\d+ sections? · \d+ credits?$/)).toBeVisible();
  // Codes in the week are not cut off.
  const cut = await week(page)
    .locator("li > span")
    .evaluateAll((codes) => codes.filter((code) => code.scrollHeight > code.clientHeight + 1).length);
  expect(cut).toBe(0);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});

test("the bar beside the seats shows what is left", async ({ page }) => {
  await signIn(page, "/sections?availability=all");
  for (const section of (await all()).slice(0, 10)) {
    const row = rowOf(page, section);
    const [text, value, most] = await row.evaluate((element) => {
      const bar = element.querySelector("progress");
      return [element.textContent, bar?.value, bar?.max];
    });
    const [, left, capacity] = /(\d+) of (\d+) left/.exec(text ?? "") ?? [];
    expect([value, most]).toEqual([Number(left), Number(capacity)]);
  }
});

test("says over the full width why a press did not work, and the week agrees at once", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  const { one, other } = overlapping(await takable(students.me));
  await signIn(page, `/sections?q=${one.code}&availability=all`);
  await expect(live(page)).toBeVisible();
  await rowOf(page, one).hover();
  await expect(week(page)).toContainText("Fits your timetable");
  expect((await call(students.me, "POST", "/api/enroll", { sectionId: other.id })).status).toBe(201); // elsewhere
  await rowOf(page, one)
    .getByRole("button", { name: /^Enroll/ })
    .click();
  await expect(alertOf(page, one)).toHaveText("This overlaps another of your sections.");
  const [alert, table] = await Promise.all([alertOf(page, one).boundingBox(), page.getByRole("table").boundingBox()]);
  expect(alert?.width).toBeGreaterThan((table?.width ?? 0) * 0.9);
  expect(alert?.height).toBeLessThan(30); // one line
  await expect(week(page)).toContainText(`Overlaps ${other.code} on`);
  await expect(week(page)).not.toContainText("Fits your timetable");
  await expect(rowOf(page, one)).toContainText(`Overlaps ${other.code}`);
  await expectAccessible(page);
});

test("on a phone cards are low and the week is one tap away", async ({ browser, baseURL }) => {
  const page = await phone(browser, { baseURL: baseURL ?? "", colorScheme: "light" });
  await signIn(page, "/sections?availability=all");
  await expect(live(page)).toBeVisible();
  const heights = await page
    .locator("tr[data-section]")
    .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
  expect(Math.max(...heights)).toBeLessThanOrEqual(120);
  await expect(week(page)).toBeHidden();
  await page.getByRole("button", { name: /^My week( \(\d+\))?$/ }).tap();
  await expect(week(page)).toBeVisible();
  await expectAccessible(page, "#plan-week");
  await week(page).getByRole("button", { name: "Close" }).tap();
  await expect(week(page)).toBeHidden();
  await expectNoSidewaysScroll(page);
  await page.context().close();
});

test("forgives a slip and says so; finds days and rooms", async ({ page }) => {
  await signIn(page, "/sections?availability=all&q=phisics");
  await expect(page.getByText("No match for “phisics”. Showing results for “physics”.")).toBeVisible();
  await expect(page.locator("tr[data-section]").first()).toContainText("Physics");
  const mondays = (await all()).filter(({ meetings }) => meetings.some(({ day }) => day === "MO"));
  await page.goto("/sections?availability=all&q=Monday");
  await expect(page.getByText(`${mondays.length} sections`, { exact: true })).toBeVisible();
  const [room] = (await all()).flatMap(({ meetings }) => meetings.flatMap(({ location }) => location ?? []));
  await page.goto(`/sections?availability=all&q=${encodeURIComponent(room ?? "")}`);
  await expect(page.locator("tr[data-section]").first()).toContainText(room ?? "");
});

test("a section's page says what it is about, shows it in the week and beside its parallels, and leads back", async ({
  page,
}) => {
  const parallel = (await takable(students.me)).find(({ course, id }, _, list) =>
    list.some((other) => other.course.title === course.title && other.id !== id),
  );
  if (!parallel) throw new Error("the demo school has no parallel sections that this student can take");
  await signIn(page, `/sections?q=${encodeURIComponent(parallel.course.title)}&day=${parallel.meetings[0]?.day ?? ""}`);
  await rowOf(page, parallel).getByRole("link", { name: parallel.code }).click();
  await expect(page.getByRole("heading", { level: 1, name: parallel.code })).toBeVisible();
  await expect(page.getByRole("heading", { name: "About the course" })).toBeVisible();
  const others = page
    .locator("section")
    .filter({ has: page.getByRole("heading", { name: "Other sections of this course" }) });
  await expect(others.getByRole("listitem").first()).toContainText(/\d+ of \d+ left/);
  const ghosts = page.locator("section[data-ghost=fits] li[aria-hidden]");
  await expect(ghosts).toHaveCount(parallel.meetings.length);
  await expectAccessible(page);
  await others.getByRole("link").first().click(); // to the parallel section and on: the list is not forgotten
  await expect(page).not.toHaveURL(new RegExp(parallel.id));
  await page.getByRole("link", { name: "All sections" }).click();
  await expect(page).toHaveURL(/q=.*day=|day=.*q=/);
  await expect(page.getByLabel("Search", { exact: true })).toHaveValue(parallel.course.title);
  await page.goto(`/sections/${parallel.id}?list=${encodeURIComponent("https://elsewhere.example/?q=x&day=XX")}`);
  await expect(page.getByRole("link", { name: "All sections" })).toHaveAttribute("href", "/sections");
});

test("full and overlapping sections lead on", async ({ page }) => {
  const sections = await all();
  const full = first(sections.filter(({ blockers }) => blockers[0] === "section_full"));
  await signIn(page, `/sections/${full.id}`);
  await expect(page.getByText("All seats are taken").first()).toBeVisible();
  await expect(page.getByText(/^(These fit and have a seat:|No other section of this course has)/)).toBeVisible();
  const overlap = first(sections.filter(({ blockers }) => blockers[0] === "time_conflict"));
  await page.goto(`/sections/${overlap.id}`);
  const way = page.getByText(/^To take this one, drop \S+ first\.$/);
  await expect(way).toBeVisible();
  await expectAccessible(page);
  await way.getByRole("link").click();
  await expect(page.getByText("You are in this section.").first()).toBeVisible();
});

/** Two sections of different courses that a student can take, but not both. */
function overlapping(free: Section[]): { one: Section; other: Section } {
  for (const one of free)
    for (const other of free)
      if (
        one.course.title !== other.course.title &&
        one.meetings.some((a) =>
          other.meetings.some((b) => a.day === b.day && a.startsAt < b.endsAt && b.startsAt < a.endsAt),
        )
      )
        return { one, other };
  throw new Error("the demo school has no two sections that overlap");
}
