// A browser whose answers about push a test decides, where only the page is looked at. The real way of a push, with a real
// browser and service, is push-journey.spec.ts.
import type { Page } from "@playwright/test";

type Permission = "default" | "denied" | "granted";

/**
 * From the next document on, the page has push: `requestPermission()` answers only when `answerWith` says so, or at once
 * when the permission is not "default", and a subscription is made without any service.
 */
export async function pretend(page: Page, { permission }: { permission: Permission }): Promise<void> {
  await page.addInitScript((first) => {
    let current: string = first;
    const asked: ((answer: string) => void)[] = [];
    const status = Object.assign(new EventTarget(), { state: "prompt" });
    Object.defineProperty(Notification, "permission", { get: () => current });
    Notification.requestPermission = () =>
      new Promise((resolve) => {
        if (current === "default") asked.push(resolve as (answer: string) => void);
        else resolve(current as NotificationPermission);
      });
    Object.defineProperty(navigator.permissions, "query", { value: () => Promise.resolve(status) });
    let made: object | null = null;
    PushManager.prototype.getSubscription = () => Promise.resolve(made as PushSubscription | null);
    PushManager.prototype.subscribe = (options) => {
      const text = String(options?.applicationServerKey).replaceAll("-", "+").replaceAll("_", "/");
      const key = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      made = {
        options: { applicationServerKey: key.buffer },
        unsubscribe: () => Promise.resolve((made = null) === null),
        toJSON: () => ({
          // A door that nobody answers: nothing leaves the machine, should an alert be sent.
          endpoint: `https://localhost:9/push/${crypto.randomUUID()}`,
          keys: {
            p256dh: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM",
            auth: "tBHItJI5svbpez7KI4CCXg",
          },
        }),
      };
      return Promise.resolve(made as PushSubscription);
    };
    window.addEventListener("campus-test:permission", (event) => {
      current = String((event as CustomEvent).detail);
      status.dispatchEvent(new Event("change"));
      for (const resolve of asked.splice(0)) resolve(current);
    });
  }, permission);
}

/** The person answers the browser's question, or changes the browser's setting. */
export function answerWith(page: Page, permission: Permission): Promise<boolean> {
  return page.evaluate(
    (answer) => window.dispatchEvent(new CustomEvent("campus-test:permission", { detail: answer })),
    permission,
  );
}
