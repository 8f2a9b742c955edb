// Real Firefox over WebDriver BiDi (no driver to install), with its push connection led to the local push service.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { z } from "zod";
import { eventually } from "./eventually";

/** A running Firefox with a profile of its own. */
export interface Firefox {
  browser: Browser;
  /** Title and text of each alert that is on the screen, as Firefox's own window shows it. */
  alerts(): Promise<{ title: string; text: string }[]>;
  /** Waits until there is exactly one alert on the screen and presses it, as a person does. */
  pressAlert(): Promise<void>;
  close(): Promise<void>;
}

const preferences = (pushUrl: string) => ({
  // Automation switches push off; either of the next two keeps it on.
  "remote.prefs.recommended": false,
  "dom.push.connection.enabled": true,
  "dom.push.serverURL": pushUrl,
  "dom.push.testing.allowInsecureServerURL": true,
  "dom.push.retryBaseInterval": 200,
  "network.websocket.delay-failed-reconnects": false,
  // Granted without a question; a question cannot be answered from here.
  "permissions.default.desktop-notification": 1,
  // No desktop to show alerts on: Firefox draws them itself.
  "alerts.useSystemBackend": false,
  "dom.webnotifications.requireinteraction.count": 1000,
  // Nothing goes out to the internet.
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.region.network.url": "",
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.update.enabled": false,
  "media.gmp-manager.url": "data:,",
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "toolkit.telemetry.enabled": false,
  "toolkit.telemetry.server": "data:,",
});

/** Starts Firefox (FIREFOX_PATH, else Debian's) with push led to `pushUrl` of the local push service. */
export async function startFirefox(pushUrl: string): Promise<Firefox> {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "campus-firefox-"));
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env["FIREFOX_PATH"] ?? "/usr/bin/firefox-esr",
    headless: true,
    userDataDir: profile,
    extraPrefsFirefox: preferences(pushUrl),
    args: ["--remote-allow-system-access"],
  });
  const alertWindows = async () => {
    const tree = treeSchema.parse(await bidi(browser, "browsingContext.getTree", { "moz:scope": "chrome" }));
    return tree.result.contexts.filter(({ url }) => url.includes("/alerts/alert.")).map(({ context }) => context);
  };
  const inWindow = (context: string, expression: string) =>
    bidi(browser, "script.evaluate", { expression, target: { context }, awaitPromise: false });
  return {
    browser,
    async alerts() {
      const windows = await alertWindows();
      return Promise.all(
        windows.map(async (context) => {
          const answer = textSchema.parse(await inWindow(context, READ_ALERT));
          const [title = "", text = ""] = answer.result.result.value.split("\n");
          return { title, text };
        }),
      );
    },
    async pressAlert() {
      // One that was replaced or closed goes with an animation: a press on it would be lost.
      const context = await eventually(
        async () => {
          const [first, ...more] = await alertWindows();
          return more.length === 0 ? first : undefined;
        },
        { timeoutMs: 20_000, what: "exactly one alert on the screen" },
      );
      await inWindow(context, `document.getElementById("alertBox").click()`);
    },
    async close() {
      await browser.close();
      fs.rmSync(profile, { recursive: true, force: true });
    },
  };
}

const READ_ALERT = `["alertTitleLabel", "alertTextLabel"].map((id) => document.getElementById(id)).map((label) => label?.textContent || label?.getAttribute("value") || "").join("\\n")`;

/** A notification as its page's service worker has shown it; `revision` is ours. */
export interface Shown {
  title: string;
  body: string;
  tag: string;
  revision: number;
}

/** Notifications that a page's service worker has shown and nobody has closed. */
export function shownNotifications(page: Page): Promise<Shown[]> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const shown = await registration.getNotifications();
    return shown.map(({ title, body, tag, data }) => ({ title, body, tag, revision: Number(data?.revision) }));
  });
}

const treeSchema = z.object({
  result: z.object({ contexts: z.array(z.object({ context: z.string(), url: z.string() })) }),
});
const textSchema = z.object({ result: z.object({ result: z.object({ value: z.string() }) }) });
const connectionSchema = z.object({ send: z.custom<(method: string, params: unknown) => Promise<unknown>>() });

/** A command that puppeteer has no method for: Firefox's own windows are not pages to it. */
function bidi(browser: Browser, method: string, params: Record<string, unknown>): Promise<unknown> {
  const connection: unknown = Reflect.get(browser, "connection");
  if (!connectionSchema.safeParse(connection).success) throw new Error("this puppeteer hides its connection");
  const { send } = connectionSchema.parse(connection);
  return send.call(connection, method, params);
}
