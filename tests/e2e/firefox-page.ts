// Pages of the product in real Firefox, as the specs of pushes use them: who signs in there, what is pressed, what is shown.
import type { BrowserContext, Page } from "puppeteer-core";
import { eventually } from "@/tests/support/eventually";
import { shownNotifications, type Shown } from "@/tests/support/firefox";
import { demoAccount } from "./demo-people";

export const ON = "This device gets your pushes.";
export const OFF = "Turn on alerts";
/** A first look at a page by a browser that has just started, on a machine that is busy. */
export const PATIENCE = { timeoutMs: 30_000 };

/** A new page of a browser, on the preferences, with the demo person of a role signed in. */
export async function signedIn(context: BrowserContext, base: string, role: string): Promise<Page> {
  const page = await context.newPage();
  await signInAgain(page, role, base);
  return page;
}

/** Signs a person in, in a browser where nobody is, on the way to the preferences. */
export async function signInAgain(page: Page, role: string, base = new URL(page.url()).origin): Promise<void> {
  await page.goto(`${base}/login?from=/preferences`);
  await signIn(page, role);
  await eventually(() => new URL(page.url()).pathname === "/preferences", { ...PATIENCE, what: "the preferences" });
}

/** Fills the sign-in page that is open. */
export async function signIn(page: Page, role: string): Promise<void> {
  const { email, password } = demoAccount(role);
  await page.waitForSelector('input[name="email"]');
  await page.type('input[name="email"]', email);
  await page.type('input[name="password"]', password);
  await page.keyboard.press("Enter");
}

/** The session is over and the page does not know. */
export async function endSession(page: Page): Promise<void> {
  await page.deleteCookie(...(await page.cookies()).filter(({ name }) => name.includes("token")));
}

/** Presses a button as soon as it can be pressed. */
export const press = (page: Page, label: string) =>
  eventually(
    () =>
      page.evaluate((wanted) => {
        const found = [...document.querySelectorAll("button")].find(
          (button) => button.textContent === wanted && !button.disabled,
        );
        found?.click();
        return found !== undefined;
      }, label),
    { ...PATIENCE, what: `the button “${label}”` },
  );

/** Waits until the page says so. */
export const reads = (page: Page, text: string) =>
  eventually(() => page.evaluate((wanted) => document.body.innerText.includes(wanted), text), {
    ...PATIENCE,
    what: `“${text}” on the page`,
  });

/** Turns pushes on; returns when the page has read itself again, which it does last: its list names this device. */
export async function turnOn(page: Page): Promise<void> {
  await press(page, OFF);
  await reads(page, ON);
  const isListed = () => [...document.querySelectorAll("li")].some((item) => item.innerText.includes("This device"));
  await eventually(() => page.evaluate(isListed), { ...PATIENCE, what: "this device in the list" });
}

export async function turnOff(page: Page): Promise<void> {
  await page.goto(new URL("/preferences", page.url()).href);
  await press(page, "Turn off");
  await reads(page, OFF);
}

/** A test alert goes all the way to this page's browser. */
export async function proveByTest(page: Page): Promise<void> {
  await press(page, "Send a test alert to this device");
  await reads(page, "Delivered at");
}

/** The address that the page's browser is subscribed with, or null. */
export function subscribedTo(page: Page): Promise<string | null> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return (await registration?.pushManager.getSubscription())?.endpoint ?? null;
  });
}

/** Waits until a page shows one notification and no other, of at least this revision. */
export function theOnlyOne(page: Page, revision: number): Promise<Shown> {
  return eventually(
    async () => {
      const [notification, ...more] = await shownNotifications(page);
      return notification && more.length === 0 && notification.revision >= revision ? notification : null;
    },
    { ...PATIENCE, what: `one notification of revision ${revision}` },
  );
}

/** Closes the one notification that a page has, once it is listed; returns when the browser no longer lists it. */
export async function closeTheOnlyOne(page: Page): Promise<void> {
  await theOnlyOne(page, 0);
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    for (const notification of await registration.getNotifications()) notification.close();
  });
  await eventually(async () => (await shownNotifications(page)).length === 0, {
    ...PATIENCE,
    what: "the closed notification to be gone",
  });
}
