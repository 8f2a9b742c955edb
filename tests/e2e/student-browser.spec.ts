// The section browser: filters that apply in place, the week beside the list, and what is said when the connection drops.
import { expect, test } from "@playwright/test";
import {
  alertOf,
  call,
  dropAllTaken,
  enrollmentIds,
  expectAccessible,
  first,
  live,
  rowOf,
  sectionsBy,
  signIn,
  takable,
  demoStudents,
} from "./student-scene";

// What a service worker's routes send to the network passes by the requests that a test holds or refuses.
test.use({ serviceWorkers: "block" });

const students = demoStudents();

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
  await page.getByLabel("Day", { exact: true }).selectOption("MO");
  await expect(page).toHaveURL(/\?day=MO&q=mat2$/);
  await page.getByLabel("From", { exact: true }).fill("07:00");
  await expect(page).toHaveURL(/\?day=MO&from=07%3A00&q=mat2$/);
  await expect(page.getByRole("link", { name: "Remove filter: From 07:00" })).toBeVisible();

  await page.goBack();
  await expect(page).toHaveURL(/\?day=MO&q=mat2$/);
  await expect(page.getByLabel("From", { exact: true })).toHaveValue("");
  await page.goBack();
  await expect(page.getByLabel("Day", { exact: true })).toHaveValue("");
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
  const section = first(await takable(students.me));
  await signIn(page, `/sections?q=${section.code}`);
  await expect(live(page)).toBeVisible();
  const row = rowOf(page, section);

  // Enroll and drop: said at the button and in the dialog.
  await page.route("**/sections*", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  await row.getByRole("button", { name: /^Enroll/ }).click();
  await expect(alertOf(page, section)).toHaveText(/^No answer from the server\. Check your connection/);
  await expect(page.getByLabel("Search", { exact: true })).toHaveValue(section.code);
  await page.unroute("**/sections*");
  await row.getByRole("button", { name: /^Enroll/ }).click();
  await expect(row.getByText("Enrolled", { exact: true })).toBeVisible();
  await expect(alertOf(page, section)).toHaveCount(0);

  await page.route("**/sections*", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  await row.getByRole("link", { name: /^Drop/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: `Drop ${section.code}` }).click();
  await expect(dialog.getByRole("alert")).toHaveText(/^No answer from the server/);
  await expectAccessible(page);
  await page.unroute("**/sections*");
  await dialog.getByRole("button", { name: `Drop ${section.code}` }).click();
  await expect(dialog).toBeHidden();
  await expect(row.getByRole("button", { name: /^Enroll/ })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`\\?q=${section.code}$`));

  // Filters: said above the list, applied when the server answers again.
  await page.context().setOffline(true);
  await page.getByLabel("Day", { exact: true }).selectOption("SU");
  await expect(page.getByText(/^The server is not responding\. Your filters are kept/)).toBeVisible();
  await expect(row).toBeVisible();
  await page.context().setOffline(false);
  await expect(page).toHaveURL(/day=SU/);
  await expect(page.getByText(/^The server is not responding/)).toBeHidden();
});

test("leaves the list and its filters as they are when a drop is refused", async ({ page }) => {
  const section = first(await takable(students.me));
  const before = new Set(await enrollmentIds(students.me));
  expect((await call(students.me, "POST", "/api/enroll", { sectionId: section.id })).status).toBe(201);
  await signIn(page, `/sections?q=${section.code}&day=${section.meetings[0]?.day ?? ""}`);
  await expect(live(page)).toBeVisible();
  await rowOf(page, section).getByRole("link", { name: /^Drop/ }).click();
  await dropAllTaken(students.me, before); // elsewhere, meanwhile
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
  const inWindow = await sectionsBy(students.me, "availability=all&from=09:00&to=15:00");
  expect(inWindow.length).toBeGreaterThan(0);
  const lies = (at: string) => at >= "09:00" && at <= "15:00";
  for (const { meetings } of inWindow)
    expect(meetings.every(({ startsAt, endsAt }) => lies(startsAt) && lies(endsAt))).toBe(true);
  await signIn(page, "/sections?availability=all&from=09:00&to=15:00");
  const codes = await page.locator("tr[data-section] th[scope=row]").allTextContents();
  expect(codes).toEqual(inWindow.map(({ code }) => code).slice(0, 50));
  expect((await call(students.me, "GET", "/api/sections/available?from=9")).status).toBe(400);
});

test("draws the section under the pointer or the focus into the week, and says whether it fits", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  const items = await sectionsBy(students.me, "availability=all");
  const blocked = items.find(({ blockers }) => blockers[0] === "time_conflict");
  const fitting = first((await takable(students.me)).filter(({ meetings }) => meetings.length > 0));
  if (!blocked) throw new Error("the demo school has no overlap for this student");
  await signIn(page, "/sections?availability=all");
  await expect(live(page)).toBeVisible();
  const week = page.getByRole("complementary", { name: "My week" });
  await expect(week).toContainText("Hover over a section");

  await rowOf(page, blocked).hover();
  await expect(week).toContainText(/Overlaps \S+ on \w+day \d\d:\d\d/);
  await expect(week).toHaveAttribute("data-ghost", "overlaps");
  await expectAccessible(page);
  await rowOf(page, fitting).hover();
  await expect(week).toContainText("Fits your timetable");
  await expect(week.locator("li[aria-hidden]")).toHaveCount(fitting.meetings.length);
  await page.mouse.move(5, 5);
  await expect(week).toContainText("Hover over a section");

  await rowOf(page, fitting).getByRole("link", { name: fitting.code, exact: true }).focus();
  await expect(week).toContainText("Fits your timetable");
  await rowOf(page, items.at(-1) ?? fitting).scrollIntoViewIfNeeded();
  await expect(week.getByText("Fits your timetable")).toBeInViewport();
  await page.setViewportSize({ width: 1199, height: 800 });
  await expect(week).toBeHidden();
});

test("names the filters that would help when nothing matches, and keeps odd addresses from failing", async ({
  page,
}) => {
  const mondays = await sectionsBy(students.me, "day=MO");
  await signIn(page, "/sections?q=nothing-is-called-this&day=MO");
  await expect(page.getByRole("heading", { name: "No sections match" })).toBeVisible();
  await expectAccessible(page);
  await expect(page.getByRole("link", { name: "Without Monday" })).toHaveCount(0); // nothing is called so on other days
  const without = page.getByRole("link", { name: /^Without “nothing-is-called-this”: \d+ sections$/ });
  const offered = Number(/(\d+) sections$/.exec((await without.textContent()) ?? "")?.[1]);
  expect(offered).toBeGreaterThanOrEqual(mondays.length); // and the student's own that are full
  await without.click();
  await expect(page).not.toHaveURL(/q=/);
  await expect(page.getByText(`${offered} sections`, { exact: true })).toBeVisible();
  await page.goto("/sections?q=nothing-is-called-this&day=SU");
  await expect(page.getByText("No single filter makes the difference.")).toBeVisible();
  await page.getByRole("link", { name: "Show all sections" }).click();
  await expect(page).toHaveURL(/\/sections\?availability=all$/);
  for (const path of ["/sections?cursor=odd", "/sections?day=XX&limit=9999", "/timetable?week=2026-W99"]) {
    expect((await page.goto(path))?.status()).toBe(200);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }
  await page.goto("/sections/nobody-knows-it");
  await expect(page.getByRole("heading", { name: "Section not found" })).toBeVisible();
});
