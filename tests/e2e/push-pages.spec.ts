// What a guardian does about alerts outside of the browser's own windows: choose, see devices, read the inbox.
import { expect, test, type Page } from "@playwright/test";
import { expectAccessible } from "./attendance-scene";
import { demoAccount, signInAs } from "./demo-people";
import { answerWith, pretend } from "./pretend-push";

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
  await page.getByRole("radio", { name: /At once/ }).check();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();

  // Only what is really sent: no e-mail yet, and no enrollment news for guardians.
  await expect(page.getByRole("columnheader", { name: /mail/i })).toHaveCount(0);
  await expect(page.getByRole("rowheader", { name: /Enrollment/ })).toHaveCount(0);
});

test("quiet hours that end when they start are refused in their place", async ({ page }) => {
  await signInAs(page, "guardian", "/preferences");
  await page.getByLabel("Until", { exact: true }).fill("21:00");
  await page.getByLabel("From", { exact: true }).fill("21:00");
  await page.getByRole("checkbox", { name: /Hold pushes/ }).check();
  await expect(page.getByText("Choose a start and an end that differ.")).toBeVisible();
  await page.getByRole("checkbox", { name: /Hold pushes/ }).uncheck();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
});

test.describe("setting up a device", () => {
  const card = (page: Page) => page.getByRole("region", { name: /Know within minutes|Alerts on this device/ });

  test("push that the browser's service does not give says so after a while and can be tried again", async ({
    page,
    context,
  }) => {
    await context.grantPermissions(["notifications"]);
    await signInAs(page, "guardian", "/preferences");
    await page.getByRole("button", { name: "Turn on alerts" }).click();
    // Chromium's window without a profile has no push service: it refuses, or never answers.
    await expect(page.getByRole("alert").filter({ hasText: /try again/i })).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole("button", { name: "Turn on alerts" })).toBeEnabled();
  });

  test("a question that the browser never answers ends, and what to press is said meanwhile", async ({ page }) => {
    await page.clock.install();
    await pretend(page, { permission: "default" });
    await signInAs(page, "guardian", "/preferences");
    await page.getByRole("button", { name: "Turn on alerts" }).click();
    await expect(
      card(page)
        .getByText(/^Answer the browser's question/)
        .first(),
    ).toBeVisible();
    await page.clock.fastForward(46_000);
    await expect(page.getByRole("alert").filter({ hasText: "got no answer" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Turn on alerts" })).toBeEnabled();
    // The late answer still counts.
    await answerWith(page, "granted");
    await expect(card(page).getByText("This device gets your pushes.")).toBeVisible();
    await turnOff(page);
  });

  test("a block shows this browser's steps and is noticed when it is taken back", async ({ page }) => {
    await pretend(page, { permission: "denied" });
    await signInAs(page, "guardian", "/family");
    await expect(card(page).getByText("Notifications are blocked for this site")).toBeVisible();
    await expect(card(page).getByRole("listitem").first()).toHaveText("Press the icon before the address.");
    await expectAccessible(page);
    await answerWith(page, "default");
    await expect(card(page).getByRole("button", { name: "Turn on alerts" })).toBeFocused();
    await expect(card(page).getByRole("status")).toHaveText("Notifications are allowed again. Turn on alerts now.");
  });

  test("turned on, proven, and turned off: each step is said, has the focus, and tells the truth", async ({ page }) => {
    await pretend(page, { permission: "granted" });
    await signInAs(page, "guardian", "/preferences");
    await expect(page.getByRole("button", { name: "Turn on alerts" })).toBeEnabled();
    await page.getByRole("button", { name: "Turn on alerts" }).press("Enter");
    await expect(page.getByRole("heading", { name: "Alerts on this device" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Send a test alert to this device" })).toBeFocused();
    await expect(card(page).getByText("Alerts are on. Send a test to be sure.")).toBeAttached();

    const test = "**/api/push-subscriptions/*/test";
    const tell = (id: string) =>
      page.evaluate(
        (alert) =>
          navigator.serviceWorker.dispatchEvent(
            new MessageEvent("message", { data: { type: "push-shown", id: alert } }),
          ),
        id,
      );
    for (const [status, words] of [
      [500, /^Not sent: the school's server did not answer/],
      [429, /^Many tests were sent/],
      [404, /^The push service no longer knows this device/],
    ] as const) {
      await page.route(test, (route) => route.fulfill({ status, json: {} }));
      await page.getByRole("button", { name: "Send a test alert to this device" }).click();
      await expect(card(page).getByText(words)).toBeVisible();
      await page.unroute(test);
    }
    // As fast as can be: the alert is on the screen before the request is answered.
    await page.route(test, async (route) => {
      await tell("alert-1");
      await route.fulfill({ status: 202, json: { id: "alert-1" } });
    });
    await page.getByRole("button", { name: "Send a test alert to this device" }).click();
    await expect(card(page).getByText(/Delivered at \d\d:\d\d:\d\d\.$/)).toBeVisible();
    await expectAccessible(page);

    const device = /\/api\/push-subscriptions\/[^/]+$/;
    await page.route(device, (route) => route.abort());
    await page.getByRole("button", { name: "Turn off" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "Alerts are still on" })).toBeVisible();
    await page.unroute(device);
    await page.getByRole("button", { name: "Turn off" }).press("Enter");
    await expect(page.getByRole("button", { name: "Turn on alerts" })).toBeFocused();
    await expect(card(page).getByText("Alerts are off on this device.")).toBeAttached();
  });

  test("an iPhone is led to the home screen, and an old one to its update", async ({ browser, baseURL }) => {
    for (const [userAgent, words] of [
      ["Version/17.5 Mobile/15E148 Safari/604.1", "First put CampusOS on your Home Screen"],
      ["Version/16.1 Mobile/15E148 Safari/604.1", "This iPhone or iPad needs an update first"],
      ["Mobile/15E148 Instagram 300.0", "Open this page in Safari"],
    ] as const) {
      const context = await browser.newContext({
        baseURL: baseURL ?? "",
        userAgent: `Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 ${userAgent}`,
        viewport: { width: 360, height: 740 },
        hasTouch: true,
      });
      const page = await context.newPage();
      await page.addInitScript(() => Reflect.deleteProperty(window, "PushManager"));
      await signInAs(page, "guardian", "/family");
      await expect(card(page).getByText(words)).toBeVisible();
      await expect(card(page).getByRole("button", { name: "Turn on alerts" })).toHaveCount(0);
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      await context.close();
    }
  });

  test("the browser's offer to install is behind our button, also when it came before sign-in", async ({ page }) => {
    await pretend(page, { permission: "granted" });
    await page.goto("/login?from=/preferences");
    const isKept = await page.evaluate(() => {
      const offer = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), {
        prompt: () => Promise.resolve(document.body.setAttribute("data-prompted", "")),
      });
      return !window.dispatchEvent(offer);
    });
    expect(isKept).toBe(true);
    const { email, password } = demoAccount("guardian");
    await page.getByLabel(/email/i).fill(email);
    await page.locator("input[type=password]").fill(password);
    await page.locator("input[type=password]").press("Enter");
    await page.getByRole("button", { name: "Turn on alerts" }).click();
    await page.getByRole("button", { name: "Install CampusOS" }).click();
    await expect(page.locator("body")).toHaveAttribute("data-prompted");
    await expect(page.getByRole("button", { name: "Install CampusOS" })).toHaveCount(0);
    await turnOff(page);
  });

  // The demo guardian's devices are counted by other specs.
  async function turnOff(page: Page) {
    await page.getByRole("button", { name: "Turn off" }).click();
    await expect(page.getByRole("button", { name: "Turn on alerts" })).toBeVisible();
  }
});

test("people whom nothing is sent to find no switches, no inbox and no dead shortcut", async ({ page }) => {
  await signInAs(page, "teacher", "/preferences");
  await expect(page.getByRole("heading", { name: "Nothing is sent to this account" })).toBeVisible();
  await expect(page.getByRole("checkbox")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Turn on alerts" })).toHaveCount(0);
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /Inbox/ })).toHaveCount(0);
  await page.goto("/inbox");
  await expect(page.getByRole("heading", { name: "Nothing is sent to this account" })).toBeVisible();
  await expectAccessible(page);
  const manifest = (await (await page.request.get("/manifest.webmanifest")).json()) as { shortcuts: { url: string }[] };
  expect(manifest.shortcuts.length).toBeGreaterThan(0);
  for (const { url } of manifest.shortcuts) {
    const answer = await page.goto(url);
    expect([url, answer?.status(), new URL(page.url()).pathname]).toEqual([url, 200, "/today"]);
  }
});

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
  const { email, password } = demoAccount("guardian");
  await page.getByLabel(/email/i).fill(email);
  await page.locator("input[type=password]").fill(password);
  await page.locator("input[type=password]").press("Enter");
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
