// Turning pushes on for a device, step by step, and what is said where a browser gives none.
import { expect, test, type Page } from "@playwright/test";
import { expectAccessible } from "./attendance-scene";
import { demoAccount, signInAs } from "./demo-people";
import { fillSignIn } from "./sign-in";
import { answerWith, pretend } from "./pretend-push";

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
    const failed = page.getByRole("alert").filter({ hasText: /try again/i });
    await expect(failed).toBeVisible({ timeout: 20_000 });
    await expect(failed).toContainText("Open CampusOS in a normal window.");
    await expect(page.getByRole("button", { name: "Turn on alerts" })).toBeEnabled();
  });

  test("a question that the browser never answers ends, and what to press is said meanwhile", async ({ page }) => {
    await page.clock.install();
    await pretend(page, { permission: "default" });
    await signInAs(page, "guardian", "/preferences");
    await page.getByRole("button", { name: "Turn on alerts" }).click();
    await expect(
      card(page)
        .getByText(/^Answer your browser’s question/)
        .first(),
    ).toBeVisible();
    await page.clock.fastForward(46_000);
    await expect(page.getByRole("alert").filter({ hasText: "was not answered" })).toBeVisible();
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
    await expect(card(page).getByRole("button", { name: "Turn on alerts" })).toBeEnabled();
    await expect(card(page).getByRole("status")).toHaveText("Notifications are allowed again. Turn on alerts now.");
    // Nobody pressed anything here: the focus stays where it is.
    await expect(page.locator("body")).toBeFocused();
  });

  test("turned on, proven, and turned off: each step is said, has the focus, and tells the truth", async ({ page }) => {
    await pretend(page, { permission: "granted" });
    await signInAs(page, "guardian", "/preferences");
    await expect(page.getByRole("button", { name: "Turn on alerts" })).toBeEnabled();
    await page.getByRole("button", { name: "Turn on alerts" }).press("Enter");
    // The words have the focus, and no button that one more press of Enter would set off.
    await expect(page.getByRole("heading", { name: "Alerts on this device" })).toBeFocused();
    await expect(page.getByRole("button", { name: "Send a test alert to this device" })).toBeEnabled();
    await expect(card(page).getByText("Alerts are on. Send a test to make sure.")).toBeAttached();

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
      [500, /^Not sent: something went wrong on our side/],
      [429, /^Too many tests/],
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
    await expect(card(page).getByRole("heading", { level: 2 })).toBeFocused();
    await expect(card(page).getByText("Alerts are off on this device.")).toBeAttached();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Turn on alerts" })).toBeEnabled();
  });

  test("an iPhone is led to the home screen, and an old one to its update", async ({ browser, baseURL }) => {
    for (const [userAgent, words] of [
      ["Version/17.5 Mobile/15E148 Safari/604.1", "Add CampusOS to your Home Screen first"],
      ["Version/16.1 Mobile/15E148 Safari/604.1", "Update this iPhone or iPad first"],
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
    await fillSignIn(page, demoAccount("guardian"));
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
