// Marks and the network: they wait on the device while it is away, arrive once, and go with a sign-out.
import { expect, test } from "@playwright/test";
import { expectAccessible } from "./attendance-scene";
import { signInTo } from "./sign-in";
import { cell, gridScene, keptMarks, said, SAVE, statusAtServer } from "./grid-page";

// With a service worker, what a page sends while it is closed leaves after the browser's pretended outage let go of it.
test.use({ serviceWorkers: "block" });

const { scene, open } = gridScene();

test("with the network away marks wait on the device, survive closing the tab, and are sent when it opens again", async ({
  page,
  context,
  request,
}) => {
  const id = await open(page);
  await context.setOffline(true);
  await cell(page, "Adam Bartoš").focus();
  await page.keyboard.press("a");
  await page.keyboard.press("l");
  await expect(page.getByText("On this device only – 2 marks waiting").first()).toBeVisible();
  await expect(said(page)).toHaveText("On this device only – 2 marks waiting");
  await expect.poll(() => keptMarks(page)).toBe(2);
  await page.close();
  await context.setOffline(false);
  expect(await statusAtServer(scene(), request, id, "Adam Bartoš")).toBeNull();

  const again = await context.newPage();
  await again.goto("/today");
  const unsent = again.getByRole("link", { name: /On this device only – 2 marks waiting/ });
  await expect(unsent).toBeVisible();
  await expectAccessible(again);
  await unsent.click();
  await expect(cell(again, "Adam Bartoš")).toHaveAccessibleName(/absent$/);
  await expect(again.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
  await expect.poll(() => keptMarks(again)).toBe(0);
  expect(await statusAtServer(scene(), request, id, "Adam Bartoš")).toBe("ABSENT");
});

test("Save now sends what waits, without leaving the page", async ({ page }) => {
  await open(page);
  await page.route(SAVE, (route) => route.abort());
  await cell(page, "Adam Bartoš").focus();
  await page.keyboard.press("a");
  await expect(page.getByText("On this device only – 1 mark waiting").first()).toBeVisible();
  await page.unroute(SAVE);
  await page.getByRole("button", { name: "Save now" }).click();
  await expect(page.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
});

test("signing out takes the kept marks away, of everybody", async ({ page, context, request }) => {
  const id = await open(page);
  await context.setOffline(true);
  await cell(page, "Adam Bartoš").focus();
  await page.keyboard.press("a");
  await expect.poll(() => keptMarks(page)).toBe(1);
  await page.close();
  await context.setOffline(false);

  const again = await context.newPage();
  await again.goto("/today");
  expect(await keptMarks(again)).toBe(1);
  await again.getByRole("button", { name: /Account/ }).click();
  await again.getByRole("button", { name: "Sign out" }).click();
  await again.waitForURL(/signedOut/);
  await expect.poll(() => keptMarks(again)).toBe(0);
  await signInTo(again, scene().teacher, `/classes/${id}`);
  await expect(cell(again, "Adam Bartoš")).toHaveAccessibleName(/not marked$/);
  expect(await statusAtServer(scene(), request, id, "Adam Bartoš")).toBeNull();
});

test("a finish that does not get through says so, and is finished by pressing again", async ({ page }) => {
  await open(page);
  await page.route(SAVE, (route) => route.abort());
  const finish = page.getByRole("button", { name: "Mark all 30 present and finish" });
  await finish.click();
  await expect(page.getByText(/^Not finished\. No one has been notified\./).first()).toBeVisible();
  await expect(said(page)).toHaveText(/^Not finished/);
  await page.unroute(SAVE);
  await finish.click();
  await expect(page.getByRole("heading", { name: "Finished" })).toBeFocused();
  await expect(page.getByText(/^Not finished/)).toHaveCount(0);
  // The rest of the page has heard of it, too.
  await expect(page.getByText(/^Done \d\d:\d\d$/)).toBeVisible();
});
