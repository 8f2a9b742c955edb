// Going to a page without a network: our own page says so, and goes on when the connection is back.
import { expect, test, type Page } from "@playwright/test";
import { expectAccessible } from "./attendance-scene";
import { signInAs } from "./demo-people";

/** Everything in Cache Storage, by name and path. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const found: string[] = [];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys())
        found.push(`${name.split("-")[0]} ${new URL(url).pathname}`);
    return found;
  });

/** Until the service worker has this page and has kept its own. */
async function untilReady(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
  await expect.poll(() => kept(page)).toEqual(["offline /offline"]);
}

const offline = (page: Page) => page.getByRole("heading", { level: 1, name: "You are offline" });

test("without a network a link leads to our page, which goes on to the wanted one by itself", async ({
  page,
  context,
}) => {
  await signInAs(page, "student", "/sections");
  await untilReady(page);
  await context.setOffline(true);
  await page.getByRole("link", { name: "My week" }).click();
  await expect(offline(page)).toBeVisible();
  await expect(page).toHaveURL(/\/timetable$/);
  await expect(page).toHaveTitle("You are offline – CampusOS");
  await expect(page.getByText("your marks are kept on this device")).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [360, 1_280]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }

  // Only pages are answered, with and without a network.
  const failed = (address: string) =>
    page.evaluate((url) => fetch(url).then(String, (error: Error) => error.name), address);
  expect(await failed("/api/me")).toBe("TypeError");
  expect(await failed("/offline")).toBe("TypeError");

  await page.getByRole("link", { name: "Try again" }).click();
  await expect(offline(page)).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByRole("heading", { level: 1, name: "My week" })).toBeVisible();
  await expect(page).toHaveURL(/\/timetable$/);
  expect(await kept(page)).toEqual(["offline /offline"]);
});

test("an address that is typed without a network meets our page too, also after signing out", async ({
  page,
  context,
}) => {
  await signInAs(page, "guardian", "/family");
  await untilReady(page);
  await page.getByRole("button", { name: /Account/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/signedOut/);
  await context.setOffline(true);
  await page.goto("/inbox?unread=1");
  await expect(offline(page)).toBeVisible();
  await context.setOffline(false);
  await expect(page).toHaveURL(/\/login\?from=%2Finbox%3Funread%3D1$/);
});

test("a device that says it is online although nobody answers keeps the page as it is", async ({ page, context }) => {
  await signInAs(page, "student", "/sections");
  await untilReady(page);
  await context.setOffline(true);
  await page.goto("/timetable");
  await expect(offline(page)).toBeVisible();
  const marked = () => page.evaluate(() => document.documentElement.hasAttribute("data-marked"));
  await page.evaluate(async () => {
    document.documentElement.setAttribute("data-marked", "");
    window.dispatchEvent(new Event("online"));
    // By the time that this fails, what the page asked has failed as well.
    await fetch("/api/health/live").catch(() => null);
  });
  expect(await marked()).toBe(true);
  await context.setOffline(false);
  await expect(page.getByRole("heading", { level: 1, name: "My week" })).toBeVisible();
  expect(await marked()).toBe(false);
});

test("a new service worker puts away what the one before kept", async ({ page }) => {
  await signInAs(page, "student", "/sections");
  await untilReady(page);
  await page.evaluate(async () => {
    await (await caches.open("offline-before")).put("/offline", new Response("before"));
    await (await navigator.serviceWorker.ready).unregister();
  });
  await page.reload();
  await untilReady(page);
  expect(await page.evaluate(() => caches.keys())).toHaveLength(1);
});
