// What a guardian does about alerts outside of the browser's own windows: choose, see devices, read the inbox.
import { expect, test, type Page } from "@playwright/test";
import { attendanceScene, expectAccessible } from "./attendance-scene";
import { signInTo } from "./sign-in";
import { demoAccount, signInAs } from "./demo-people";
import { fillSignIn } from "./sign-in";

for (const colorScheme of ["light", "dark"] as const)
  for (const width of [360, 1_280])
    test(`preferences and inbox are accessible and fit, ${colorScheme}, ${width} px`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await signInAs(page, "guardian", "/preferences");
      for (const [path, heading] of [
        ["/preferences", "Alerts"],
        ["/inbox", "Inbox"],
      ] as const) {
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
        await expectAccessible(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
    });

test("a choice is saved when it is made, said in its place, and still there later", async ({ page }) => {
  await signInAs(page, "guardian", "/preferences");
  const box = page.getByRole("checkbox", { name: "Absence by Push" });
  await expect(box).toBeChecked();
  await box.uncheck();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.reload();
  await expect(box).not.toBeChecked();
  await box.check();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();

  await page.getByRole("radio", { name: /Once a day/ }).check();
  await expect(page.getByRole("region", { name: "How often" }).getByText("Saved", { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("radio", { name: /Once a day/ })).toBeChecked();
  await page.getByRole("radio", { name: /Right away/ }).check();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();

  // Only what is really sent: e-mail where it can be (off until asked for), and no enrollment news for guardians.
  await expect(page.getByRole("columnheader", { name: "Email", exact: true })).toBeVisible();
  await expect(page.getByRole("checkbox", { name: "Absence by Email" })).not.toBeChecked();
  await expect(page.getByRole("rowheader", { name: /Enrollment/ })).toHaveCount(0);
});

test("quiet hours that end when they start are refused in their place", async ({ page }) => {
  await signInAs(page, "guardian", "/preferences");
  await page.getByLabel("Until", { exact: true }).fill("21:00");
  await page.getByLabel("From", { exact: true }).fill("21:00");
  await page.getByRole("checkbox", { name: /Pause notifications/ }).check();
  await expect(page.getByText("The start and end must be different.")).toBeVisible();
  await page.getByRole("checkbox", { name: /Pause notifications/ }).uncheck();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
});

test("push without a device is said to be off, and so is what it means when no channel is left for absences", async ({
  page,
}) => {
  const scene = await attendanceScene();
  await signInTo(page, scene.guardian, "/preferences");
  await scene.close();
  await expect(page.getByRole("columnheader", { name: "Push" })).toContainText("Off: no device");
  await expect(page.getByRole("checkbox", { name: "Absence by Push" })).toHaveAccessibleDescription("Off: no device");
  const warning = page.getByText("You will not hear about absences. Turn on the inbox, email, or push on a device.");
  await expect(warning).toHaveCount(0);
  await page.getByRole("checkbox", { name: "Absence by Inbox" }).uncheck();
  await expect(page.getByRole("alert").filter({ has: warning })).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await expect(warning).toBeVisible();
  await page.getByRole("checkbox", { name: "Absence by Inbox" }).check();
  await expect(warning).toHaveCount(0);
});

test("people whom nothing is sent to find no switches, no inbox and no dead shortcut", async ({ page }) => {
  await signInAs(page, "admin", "/preferences");
  await expect(page.getByRole("heading", { name: "This account gets no alerts" })).toBeVisible();
  await expect(page.getByRole("checkbox")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Turn on alerts" })).toHaveCount(0);
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /Inbox/ })).toHaveCount(0);
  await page.goto("/inbox");
  await expect(page.getByRole("heading", { name: "This account gets no alerts" })).toBeVisible();
  await expectAccessible(page);
  expect(await shortcutsLead(page)).toEqual(["/admin", "/admin"]);
});

test("a teacher is asked about changed classes alone", async ({ page }) => {
  await signInAs(page, "teacher", "/preferences");
  await expect(page.getByRole("checkbox", { name: /^Class changes by / })).toHaveCount(3);
  await expect(page.getByRole("checkbox", { name: /Absence|Correction|Enrollment/ })).toHaveCount(0);
  await expect(page.getByText("You will not hear about absences")).toHaveCount(0);
  await expect(page.getByText("when one of your classes is cancelled or moved")).toBeVisible();
  await expectAccessible(page);
  expect(await shortcutsLead(page)).toEqual(["/today", "/inbox"]);
});

/** Where the shortcuts of the installed app lead a person, in their order; each must be there. */
async function shortcutsLead(page: Page): Promise<string[]> {
  const manifest = (await (await page.request.get("/manifest.webmanifest")).json()) as { shortcuts: { url: string }[] };
  const places: string[] = [];
  for (const { url } of manifest.shortcuts) {
    const answer = await page.goto(url);
    expect([url, answer?.status()]).toEqual([url, 200]);
    places.push(new URL(page.url()).pathname);
  }
  return places;
}

test("the pictures that a browser shows before it installs are there, in the size that is said", async ({
  request,
}) => {
  const manifest = (await (await request.get("/manifest.webmanifest")).json()) as {
    screenshots: { src: string; sizes: string; form_factor: string }[];
  };
  expect(manifest.screenshots.map((picture) => picture.form_factor).sort()).toEqual(["narrow", "wide"]);
  for (const { src, sizes } of manifest.screenshots) {
    const png = await (await request.get(src)).body();
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    // Width and height stand first in the header of a PNG.
    expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`).toBe(sizes);
  }
});

test("a shortcut leads a guardian to the children or the inbox, through sign-in when needed", async ({ page }) => {
  await page.goto("/?to=inbox");
  await fillSignIn(page, demoAccount("guardian"));
  await page.waitForURL((url) => url.pathname === "/inbox");
  await page.goto("/?to=today");
  expect(new URL(page.url()).pathname).toBe("/family");
});

test("a link of somebody else's push is no page", async ({ page }) => {
  await signInAs(page, "guardian", "/preferences");
  const answer = await page.goto("/n/0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000");
  expect(answer?.status()).toBe(404);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("preferences are a form, the inbox is a list", async ({ page }) => {
    await signInAs(page, "guardian", "/preferences");
    // Text inside noscript is found by its element only.
    await expect(page.locator("noscript p")).toContainText("needs JavaScript");
    await expect(page.getByRole("button", { name: "Turn on alerts" })).toBeHidden();
    await page.getByRole("checkbox", { name: "Attendance correction by Push" }).uncheck();
    await page.getByRole("button", { name: "Save", exact: true }).first().click();
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();
    await expect(page.getByRole("checkbox", { name: "Attendance correction by Push" })).not.toBeChecked();
    await page.getByRole("checkbox", { name: "Attendance correction by Push" }).check();
    await page.getByRole("button", { name: "Save", exact: true }).first().click();
    await expect(page.getByRole("checkbox", { name: "Attendance correction by Push" })).toBeChecked();
    await page.goto("/inbox");
    await expect(page.getByRole("heading", { level: 1, name: "Inbox" })).toBeVisible();
  });
});
