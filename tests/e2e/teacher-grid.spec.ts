// A class and its states: without script, beside a colleague, finished, and not open yet.
import { gzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";
import { signInTo } from "./sign-in";
import { cell, elsewhere, grid, gridScene, row, SAVE } from "./grid-page";

// What a service worker's routes send to the network passes by the requests that a test holds or refuses.
test.use({ serviceWorkers: "block" });

const { scene, open } = gridScene();

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("on a narrow phone all four marks are in sight, names in the order of the list", async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    const { id } = await scene().newClass();
    await signInTo(page, scene().teacher, `/classes/${id}`);
    await expect(page.getByRole("rowheader").first()).toHaveText("Adámková, Žofie");
    for (const status of ["Present", "Absent", "Late", "Excused"]) {
      const box = await page.getByRole("columnheader", { name: status }).boundingBox();
      expect((box?.x ?? 999) + (box?.width ?? 0)).toBeLessThanOrEqual(360 - 16);
      const radio = await page.getByRole("radio", { name: `Mark of Adam Bartoš: ${status}` }).boundingBox();
      expect((radio?.x ?? 999) + (radio?.width ?? 0)).toBeLessThanOrEqual(360 - 16);
    }
    await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  });

  test("the sheet is a form with a radio group a row", async ({ page }) => {
    const { id } = await scene().newClass();
    await signInTo(page, scene().teacher, `/classes/${id}`);
    await expect(page.getByRole("grid")).toBeHidden();
    await page.waitForURL(`/classes/${id}/plain`);
    await page.getByRole("radio", { name: "Mark of Adam Bartoš: Absent" }).check();
    await page.getByRole("radio", { name: "Mark of Lenka Malá: Excused" }).check();
    await page.getByRole("button", { name: "Save without finishing" }).click();
    await expect(page.getByText("Saved.")).toBeVisible();
    await expect(page.getByRole("radio", { name: "Mark of Lenka Malá: Excused" })).toBeChecked();
    await page.getByRole("checkbox", { name: "Mark everyone else present" }).check();
    await page.getByRole("button", { name: "Save and finish" }).click();
    await expect(page.getByText("Finished. Guardians of absent students are being notified.")).toBeVisible();
    await expect(page.getByRole("radio", { name: "Mark of Anna Nováková: Present" })).toBeChecked();
    await page.goto("/today");
    await expect(page.getByRole("heading", { name: "Today’s classes" })).toBeVisible();
  });
});

test("a class of 30 is no heavy page", async ({ page }) => {
  const id = await open(page);
  const html = await (await page.context().request.get(`/classes/${id}`)).body();
  expect(html.length).toBeGreaterThan(10 * 1024);
  expect(html.length).toBeLessThan(110 * 1024);
  expect(gzipSync(html).length).toBeLessThan(17 * 1024); // as it goes over the wire
});

test("a colleague's marks appear, and two marks of one student wait for a decision", async ({ page, request }) => {
  const id = await open(page);
  const markedBy = row(page, "Lenka Malá").getByText("Marked by Teacher Number0001");
  // It stays for some seconds only: it is looked for before it can be there.
  await Promise.all([markedBy.waitFor(), elsewhere(scene(), request, id, "Lenka Malá", "EXCUSED")]);
  await expect(cell(page, "Lenka Malá")).toHaveAccessibleName(/excused$/);
  await expect(markedBy).toBeHidden();
  await page.route(SAVE, (route) => route.abort());
  await cell(page, "Adam Bartoš").focus();
  await page.keyboard.press("a");
  await elsewhere(scene(), request, id, "Adam Bartoš", "LATE");
  await expect(row(page, "Adam Bartoš").getByText("You: Absent. Teacher Number0001: Late.")).toBeVisible();
  await cell(page, "Čeněk Doležal").focus();
  await page.getByRole("button", { name: "Not saved: 1 needs your decision" }).click();
  await expect(cell(page, "Adam Bartoš")).toBeFocused();
  await expect(cell(page, "Adam Bartoš")).toHaveAccessibleDescription(/^You: Absent\./);
  await page.unroute(SAVE);
  await row(page, "Adam Bartoš").getByRole("button", { name: "Keep mine" }).click();
  await expect(page.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
  await page.reload();
  await expect(cell(page, "Adam Bartoš")).toHaveAccessibleName(/absent$/);
});

test("a finished class is corrected by hand only, and a class of somebody else is not there", async ({ page }) => {
  const id = await open(page);
  await page.getByRole("button", { name: "Mark all 30 present and finish" }).click();
  await expect(page.getByText("No one is absent, so no one is notified.")).toBeVisible();
  await cell(page, "Adam Bartoš").focus();
  await page.keyboard.press("a");
  await expect(page.getByText("1 correction not saved")).toBeVisible();
  await page.getByRole("button", { name: "Save 1 correction" }).click();
  await expect(page.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
  const missing = await page.goto(`/classes/${id}x`);
  expect(missing?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "You do not teach this class" })).toBeVisible();
});

test("a class that is not open yet can be read, not marked", async ({ page }) => {
  await open(page, { startsInMinutes: 90 });
  await expect(page.getByText(/^You can mark attendance from \d\d:\d\d/)).toBeVisible();
  await expect(grid(page).getByRole("button")).toHaveCount(0);
});
