// A teacher's day without a network: Today and the class lists open from what this device keeps, marks wait for the
// connection, and nobody else at the same device sees any of it.
import { expect, type Page, test } from "@playwright/test";
import errors from "@/messages/en/errors.json" with { type: "json" };
import plainPages from "@/messages/en/plain-pages.json" with { type: "json" };
import { expectAccessible } from "./attendance-scene";
import { signInTo } from "./sign-in";
import { cell, gridScene, keptMarks, statusAtServer } from "./grid-page";

const { scene } = gridScene();

/** What the page without a network is titled: as long as the device has none, and while we do not answer yet. */
const OFFLINE_TITLES = new RegExp(`^(${errors.offlineTitle}|${plainPages.unreachableTitle})$`);

/** The keys of what the device keeps, whoever it is of; and whom the device is for. */
const kept = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<{ keys: string[]; isSomebodys: boolean }>((resolve) => {
        const isSomebodys = localStorage.getItem("campus:kept-for") !== null;
        const opening = indexedDB.open("campus-day", 1);
        opening.onupgradeneeded = () => opening.transaction?.abort();
        opening.onerror = () => resolve({ keys: [], isSomebodys });
        opening.onsuccess = () => {
          const reading = opening.result.transaction("kept").objectStore("kept").getAllKeys();
          reading.onsuccess = () => {
            opening.result.close();
            resolve({ keys: reading.result.map(String), isSomebodys });
          };
        };
      }),
  );

async function openToday(page: Page): Promise<string> {
  const { id } = await scene().newClass();
  await signInTo(page, scene().teacher, "/today");
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
  await expect.poll(async () => (await kept(page)).keys).toContain(`class:${id}`);
  return id;
}

test("Today and a class list that was never opened are there without a network; marks are sent when it is back", async ({
  page,
  context,
  request,
}) => {
  test.setTimeout(120_000);
  const id = await openToday(page);
  await context.setOffline(true);
  await page.goto("/today");
  await expect(page.getByRole("heading", { level: 2, name: /^Your classes, / })).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [360, 1_280]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 740 });
      await expectAccessible(page);
    }
  await page.locator(`a[href="/classes/${id}"]`).press("Enter");
  await expect(page.getByRole("listitem")).toHaveCount(30);
  await expect(page.getByRole("listitem").first()).toContainText("Adámková, Žofie");
  await page.getByRole("button", { name: "Bartoš, Adam: Absent" }).press("Enter");
  await page.getByRole("button", { name: "Malá, Lenka: Excused" }).click();
  await expect(page.getByRole("button", { name: "Bartoš, Adam: Absent" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("status")).toContainText("2 marks waiting");
  for (const width of [360, 1_280]) {
    await page.setViewportSize({ width, height: 740 });
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  }
  await page.getByRole("link", { name: "All classes of the day" }).click();
  await expect(page.locator(`a[href="/classes/${id}"]`)).toContainText("2 marks waiting");
  expect(await statusAtServer(scene(), request, id, "Adam Bartoš")).toBeNull();

  await page.goto(`/classes/${id}`);
  await expect(page.getByRole("button", { name: "Bartoš, Adam: Absent" })).toHaveAttribute("aria-pressed", "true");
  await context.setOffline(false);
  await expect(cell(page, "Adam Bartoš")).toHaveAccessibleName(/absent$/);
  await expect.poll(() => keptMarks(page)).toBe(0);
  expect(await statusAtServer(scene(), request, id, "Adam Bartoš")).toBe("ABSENT");
  expect(await statusAtServer(scene(), request, id, "Lenka Malá")).toBe("EXCUSED");
  // Cache Storage knows no persons: it holds the one page that is nobody's.
  const cached = await page.evaluate(async () => {
    const found: string[] = [];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
    return found;
  });
  expect(cached).toEqual(["/offline"]);
});

test("after a sign-out, a session that ended, or with somebody else signed in, nothing of the teacher is there", async ({
  page,
  context,
}) => {
  test.setTimeout(180_000);
  const nothing = async (id: string) => {
    await context.setOffline(true);
    const offline = page.getByRole("heading", { level: 1, name: "You are offline" });
    for (const path of ["/today", `/classes/${id}`]) {
      await page.goto(path);
      await expect(offline).toBeVisible();
      await expect(page.locator("section")).not.toContainText(/Your classes|Bartoš/);
    }
    await context.setOffline(false);
    // It has gone on by itself, so that whatever the test opens next is not interrupted. Before, it says other words.
    await expect(page.getByRole("heading", { name: OFFLINE_TITLES })).toHaveCount(0);
  };
  let id = await openToday(page);
  await page.getByRole("button", { name: /Account/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/\/login/);
  await expect.poll(() => kept(page)).toEqual({ keys: [], isSomebodys: false });
  await nothing(id);

  id = await openToday(page);
  await context.clearCookies();
  await page.goto("/today");
  await page.waitForURL(/\/login/);
  await expect.poll(() => kept(page)).toEqual({ keys: [], isSomebodys: false });
  await nothing(id);

  id = await openToday(page);
  await context.clearCookies();
  const other = await context.newPage();
  await signInTo(other, scene().student, "/timetable");
  await expect.poll(async () => (await kept(page)).keys).not.toContain(`class:${id}`);
  await other.close();
  await nothing(id);
});
