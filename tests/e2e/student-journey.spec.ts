// What a student does: find a section, take the seat, see the week, give the seat back. With the mouse, with the keys
// alone, on a phone, in the dark and without script.
import { AxeBuilder } from "@axe-core/playwright";
import { type APIRequestContext, type Browser, expect, type Page, test } from "@playwright/test";
import accounts from "@/prisma/seed/accounts.json" with { type: "json" };

const password = accounts[0]?.password ?? "";
const email = "dario.petrov.3@demo.campusos.example";
const otherEmail = "elif.ulrich.4@demo.campusos.example";

type Section = {
  id: string;
  code: string;
  seatsAvailable: number;
  blockers: string[];
  course: { title: string };
  meetings: { day: string; startsAt: string; endsAt: string }[];
};
type Person = { token: string; request: APIRequestContext };

async function personOf(request: APIRequestContext, who: string): Promise<Person> {
  const answer = await request.post("/api/login", { data: { email: who, password } });
  expect(answer.status()).toBe(200);
  return { token: ((await answer.json()) as { accessToken: string }).accessToken, request };
}

async function call(person: Person, method: string, path: string, data?: unknown) {
  const answer = await person.request.fetch(path, {
    method,
    headers: { authorization: `Bearer ${person.token}` },
    ...(data === undefined ? {} : { data }),
  });
  return { status: answer.status(), body: (answer.status() === 204 ? null : await answer.json()) as unknown };
}

/** Sections that a person can take now, with enough seats for two. */
async function takable(person: Person): Promise<Section[]> {
  const { body } = await call(person, "GET", "/api/sections/available?limit=200");
  const { items } = body as { items: Section[] };
  return items.filter((item) => item.blockers.length === 0 && item.seatsAvailable > 2);
}

async function sectionsBy(person: Person, query: string): Promise<Section[]> {
  const { body } = await call(person, "GET", `/api/sections/available?limit=200&${query}`);
  return (body as { items: Section[] }).items;
}

async function dropAllTaken(person: Person, before: ReadonlySet<string>): Promise<void> {
  for (const id of await enrollmentIds(person))
    if (!before.has(id)) await call(person, "DELETE", `/api/enrollments/${id}`);
}

async function enrollmentIds(person: Person): Promise<string[]> {
  const { body } = await call(person, "GET", "/api/enrollments?limit=200");
  return (body as { items: { id: string }[] }).items.map(({ id }) => id);
}

async function signIn(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByLabel(/email/i).fill(email);
  await page.locator("input[type=password]").fill(password);
  await page.locator("input[type=password]").press("Enter");
  await page.waitForURL((url) => url.pathname === path.split("?")[0]);
}

async function expectAccessible(page: Page, part = "html"): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .include(part)
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html ?? ""}`)).toEqual([]);
}

const rowOf = (page: Page, section: Section) =>
  page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: section.code, exact: true }) });
const first = (sections: Section[]): Section => {
  const [section] = sections;
  if (!section) throw new Error("the demo school has no section that this student can take");
  return section;
};
const live = (page: Page) => page.locator("[data-live=fresh]").first();

let me: Person;
let other: Person;
let mine: Set<string>;
let theirs: Set<string>;

test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({ baseURL: baseURL ?? "" });
  [me, other] = [await personOf(request, email), await personOf(request, otherEmail)];
  mine = new Set(await enrollmentIds(me));
  theirs = new Set(await enrollmentIds(other));
});
test.afterEach(async () => {
  await dropAllTaken(me, mine);
  await dropAllTaken(other, theirs);
});
test.afterAll(() => me.request.dispose());

test("finds a section, takes the seat in one press, sees it in the week, and gives it back", async ({ page }) => {
  const section = first(await takable(me));
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
  await expect(rowOf(page, section).getByRole("link", { name: /^Drop/ })).toBeFocused();

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
  await expect(page.getByRole("status").filter({ hasText: `You gave up your seat in ${section.code}` })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Enroll/ })).toBeVisible();
  expect(new Set(await enrollmentIds(me))).toEqual(mine);
});

test("does the same with the keys alone", async ({ page }) => {
  const section = first(await takable(me));
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
  await expect(rowOf(page, section).getByRole("button", { name: /^Enroll/ })).toBeFocused();
});

test("shows a seat that somebody else takes, in place, within seconds; and says when it is not live", async ({
  page,
}) => {
  const theirCodes = new Set((await takable(other)).map(({ code }) => code));
  const section = first((await takable(me)).filter(({ code }) => theirCodes.has(code)));
  await signIn(page, "/sections");
  await expect(live(page)).toHaveText("Updated just now");
  const codes = () => page.getByRole("rowheader").allTextContents();
  const before = await codes();
  expect((await call(other, "POST", "/api/enroll", { sectionId: section.id })).status).toBe(201);
  await expect(rowOf(page, section).getByText(`${section.seatsAvailable - 1} of`)).toBeVisible({ timeout: 5_000 });
  expect(await codes()).toEqual(before);
  await page.route("**/api/sections/seats*", (route) => route.abort());
  await expect(page.getByText(/^Not live – last updated \d\d:\d\d$/)).toBeVisible();
  await page.unroute("**/api/sections/seats*");
  await expect(live(page)).toBeVisible();
});

test("says at the row why a press did not work, and names what a section overlaps", async ({ page }) => {
  const section = first(await takable(me));
  await signIn(page, `/sections?q=${section.code}&availability=all`);
  await expect(live(page)).toBeVisible();
  // The same student was quicker elsewhere.
  expect((await call(me, "POST", "/api/enroll", { sectionId: section.id })).status).toBe(201);
  await rowOf(page, section)
    .getByRole("button", { name: /^Enroll/ })
    .click();
  await expect(rowOf(page, section).getByRole("alert")).toHaveText("You are in a section of this course already.");
  await expect(rowOf(page, section).getByText("Enrolled", { exact: true })).toBeVisible();

  const { body } = await call(me, "GET", "/api/sections/available?availability=all&limit=200");
  const blocked = (body as { items: Section[] }).items.find(({ blockers }) => blockers[0] === "time_conflict");
  if (!blocked) throw new Error("the demo school has no overlap for this student");
  await page.goto(`/sections?q=${blocked.code}&availability=all`);
  await expect(page.getByText(/^Overlaps \S+ on \w+day \d\d:\d\d$/).first()).toBeVisible();
  await expect(rowOf(page, blocked).getByRole("button")).toHaveCount(0);
});

test("filters as one types and chooses, in place: the address, back and forward, and what is read out", async ({
  page,
}) => {
  await signIn(page, "/sections");
  await expect(live(page)).toBeVisible();
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  const search = page.getByLabel("Search", { exact: true });
  const count = page.getByRole("status").filter({ hasText: /section/ });
  const all = await count.textContent();

  await search.pressSequentially("mat2", { delay: 20 });
  await expect(page).toHaveURL(/\/sections\?q=mat2$/);
  await expect(search).toBeFocused();
  await expect(count).not.toHaveText(all ?? "");
  await page.getByLabel("Day").selectOption("MO");
  await expect(page).toHaveURL(/\?day=MO&q=mat2$/);
  await page.getByLabel("From", { exact: true }).fill("07:00");
  await expect(page).toHaveURL(/\?day=MO&from=07%3A00&q=mat2$/);
  await expect(page.getByRole("link", { name: "Remove filter: From 07:00" })).toBeVisible();

  await page.goBack();
  await expect(page).toHaveURL(/\?day=MO&q=mat2$/);
  await expect(page.getByLabel("From", { exact: true })).toHaveValue("");
  await page.goBack();
  await expect(page.getByLabel("Day")).toHaveValue("");
  await page.goBack(); // one step for all that was typed
  await expect(page).toHaveURL(/\/sections$/);
  await expect(search).toHaveValue("");
  await expect(count).toHaveText(all ?? "");
  await page.goForward();
  await expect(search).toHaveValue("mat2");
  await expect(page).toHaveURL(/\?q=mat2$/);

  await page.getByRole("link", { name: "Remove filter: Free seats only" }).click();
  await expect(page).toHaveURL(/\?availability=all&q=mat2$/);
  await expect(page.getByLabel("Free seats only")).not.toBeChecked();
  await page.getByRole("link", { name: "Clear all" }).click();
  await expect(page).toHaveURL(/\?availability=all$/);
  await expect(search).toHaveValue("");
  await page.getByLabel("Free seats only").check();
  await expect(page).toHaveURL(/\/sections$/);
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
});

test("keeps page, filters and words when the connection drops, and goes on when it is back", async ({ page }) => {
  const section = first(await takable(me));
  await signIn(page, `/sections?q=${section.code}`);
  await expect(live(page)).toBeVisible();
  const row = rowOf(page, section);

  // Enroll and drop: said at the button and in the dialog.
  await page.route("**/sections*", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  await row.getByRole("button", { name: /^Enroll/ }).click();
  await expect(row.getByRole("alert")).toHaveText(/^No answer came\. Check your connection/);
  await expect(page.getByLabel("Search", { exact: true })).toHaveValue(section.code);
  await page.unroute("**/sections*");
  await row.getByRole("button", { name: /^Enroll/ }).click();
  await expect(row.getByText("Enrolled", { exact: true })).toBeVisible();
  await expect(row.getByRole("alert")).toHaveCount(0);

  await page.route("**/sections*", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  await row.getByRole("link", { name: /^Drop/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: `Drop ${section.code}` }).click();
  await expect(dialog.getByRole("alert")).toHaveText(/^No answer came/);
  await expectAccessible(page);
  await page.unroute("**/sections*");
  await dialog.getByRole("button", { name: `Drop ${section.code}` }).click();
  await expect(dialog).toBeHidden();
  await expect(row.getByRole("button", { name: /^Enroll/ })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`\\?q=${section.code}$`));

  // Filters: said above the list, applied when the server answers again.
  await page.context().setOffline(true);
  await page.getByLabel("Day").selectOption("SU");
  await expect(page.getByText(/^The server cannot be reached\. Your filters are kept/)).toBeVisible();
  await expect(row).toBeVisible();
  await page.context().setOffline(false);
  await expect(page).toHaveURL(/day=SU/);
  await expect(page.getByText(/^The server cannot be reached/)).toBeHidden();
});

test("leaves the list and its filters as they are when a drop is refused", async ({ page }) => {
  const section = first(await takable(me));
  const before = new Set(await enrollmentIds(me));
  expect((await call(me, "POST", "/api/enroll", { sectionId: section.id })).status).toBe(201);
  await signIn(page, `/sections?q=${section.code}&day=${section.meetings[0]?.day ?? ""}`);
  await expect(live(page)).toBeVisible();
  await rowOf(page, section).getByRole("link", { name: /^Drop/ }).click();
  await dropAllTaken(me, before); // elsewhere, meanwhile
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: `Drop ${section.code}` }).click();
  // The page is read again with it: the seat is gone either way, and the way back in is in the same row.
  await expect(rowOf(page, section).getByRole("button", { name: /^Enroll/ })).toBeVisible();
  await expect(page).toHaveURL(/q=.*day=|day=.*q=/);
});

test("says that the numbers are not live while a question hangs", async ({ page }) => {
  await page.route("**/api/sections/seats*", () => undefined); // never answered
  await signIn(page, "/sections");
  await expect(page.getByText(/^Not live – last updated \d\d:\d\d$/)).toBeVisible({ timeout: 15_000 });
  await page.unroute("**/api/sections/seats*");
  await expect(live(page)).toBeVisible({ timeout: 15_000 });
});

test("filters by a window of time like the API", async ({ page }) => {
  const inWindow = await sectionsBy(me, "availability=all&from=09:00&to=15:00");
  expect(inWindow.length).toBeGreaterThan(0);
  const lies = (at: string) => at >= "09:00" && at <= "15:00";
  for (const { meetings } of inWindow)
    expect(meetings.every(({ startsAt, endsAt }) => lies(startsAt) && lies(endsAt))).toBe(true);
  await signIn(page, "/sections?availability=all&from=09:00&to=15:00");
  const codes = await page.locator("tr[data-section] th[scope=row]").allTextContents();
  expect(codes).toEqual(inWindow.map(({ code }) => code).slice(0, 50));
  expect((await call(me, "GET", "/api/sections/available?from=9")).status).toBe(400);
});

test("draws the section under the pointer or the focus into the week, and says whether it fits", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  const items = await sectionsBy(me, "availability=all");
  const blocked = items.find(({ blockers }) => blockers.includes("time_conflict"));
  const fitting = first((await takable(me)).filter(({ meetings }) => meetings.length > 0));
  if (!blocked) throw new Error("the demo school has no overlap for this student");
  await signIn(page, "/sections?availability=all");
  await expect(live(page)).toBeVisible();
  const week = page.getByRole("complementary", { name: "My week" });
  await expect(week).toContainText("Point at a section");

  await rowOf(page, blocked).hover();
  await expect(week).toContainText(/Overlaps \S+ on \w+day \d\d:\d\d/);
  await expect(week).toHaveAttribute("data-ghost", "overlaps");
  await expectAccessible(page);
  await rowOf(page, fitting).hover();
  await expect(week).toContainText("Fits your timetable");
  await expect(week.locator("li[aria-hidden]")).toHaveCount(fitting.meetings.length);
  await page.mouse.move(5, 5);
  await expect(week).toContainText("Point at a section");

  await rowOf(page, fitting).getByRole("link", { name: fitting.code, exact: true }).focus();
  await expect(week).toContainText("Fits your timetable");
  await rowOf(page, items.at(-1) ?? fitting).scrollIntoViewIfNeeded();
  await expect(week.getByText("Fits your timetable")).toBeInViewport();
  await page.setViewportSize({ width: 1199, height: 800 });
  await expect(week).toBeHidden();
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

test("shows today first on a phone, then the days to come, then those that were", async ({ browser, baseURL }) => {
  const page = await phone(browser, { baseURL: baseURL ?? "", colorScheme: "light" });
  await signIn(page, "/timetable");
  const strip = page.getByRole("navigation", { name: "Days of this week" }).getByRole("link");
  const hrefs = await strip.evaluateAll((links) => links.map((link) => link.getAttribute("href")?.slice(1)));
  const today = await strip.evaluateAll((links) => links.findIndex((link) => link.hasAttribute("aria-current")));
  const from = Math.max(0, today); // at a weekend without classes no day is today
  const days = page.locator("section[id]");
  expect(await days.evaluateAll((sections) => sections.map(({ id }) => id))).toEqual([
    ...hrefs.slice(from),
    ...hrefs.slice(0, from),
  ]);
  const tops = await days.evaluateAll((sections) => sections.map((section) => section.getBoundingClientRect().top));
  expect(tops).toEqual([...tops].sort((one, other) => one - other));
  await page.setViewportSize({ width: 1280, height: 800 });
  const starts = await days.evaluateAll((sections) =>
    sections
      .map((section) => ({ id: section.id, offsetLeft: section.getBoundingClientRect().left }))
      .sort((one, other) => one.offsetLeft - other.offsetLeft),
  );
  expect(starts.map(({ id }) => id)).toEqual(hrefs);
  await page.context().close();
});

test("offers the list without each filter when nothing matches, and keeps odd addresses from failing", async ({
  page,
}) => {
  await signIn(page, "/sections?q=nothing-is-called-this&day=SU");
  await expect(page.getByRole("heading", { name: "No sections match" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Without “nothing-is-called-this”" }).click();
  await expect(page).not.toHaveURL(/q=/);
  for (const path of ["/sections?cursor=odd", "/sections?day=XX&limit=9999", "/timetable?week=2026-W99"]) {
    expect((await page.goto(path))?.status()).toBe(200);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }
  await page.goto("/sections/nobody-knows-it");
  await expect(page.getByRole("heading", { name: "There is no such section" })).toBeVisible();
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
    const section = first(await takable(me));
    await signIn(page, "/sections");
    await expect(live(page)).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Filters (1)", exact: true }).click();
    await expect(page.getByLabel("Day")).toBeVisible();
    await expectAccessible(page, "#section-filters"); // it covers a part of the page until it is closed
    await page.getByLabel("Fits my timetable").check();
    await expect(page).toHaveURL(/fitsMySchedule=true/);
    const fitting = (await sectionsBy(me, "fitsMySchedule=true")).length;
    await page.getByRole("button", { name: `Show ${fitting} sections` }).tap();
    await expect(page.getByLabel("Day")).toBeHidden();
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
  const section = first(await takable(me));
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
  await expect(page).toHaveURL(new RegExp(`/sections/${section.id}#drop$`));
  await page.getByRole("button", { name: `Drop ${section.code}` }).click();
  await expect(page.getByText("There is a seat for you.")).toBeVisible();
  expect(new Set(await enrollmentIds(me))).toEqual(mine);
  await context.close();
});

async function phone(browser: Browser, options: { baseURL: string; colorScheme: "light" | "dark" }): Promise<Page> {
  const context = await browser.newContext({
    ...options,
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  });
  return context.newPage();
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [scroll, width] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  expect(scroll).toBeLessThanOrEqual(width ?? 0);
}
