// `npm run screenshots -- [--url http://localhost:3000] [--out FOLDER]`: every page of every role of a running demo
// school, at 360 and 1280 px, light and dark. For looking at, and for the pictures of the README.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Browser, type Page } from "playwright";
import accounts from "@/prisma/seed/accounts.json";
import { CHROMIUM_ARGS, CHROMIUM_PATH } from "@/tests/support/chromium";

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://localhost:3000" },
    out: { type: "string", default: "test-results/screenshots" },
    only: { type: "string" },
  },
});

/** Addresses, or links of the page before: `link:` and how their address begins, `end:` and how it ends. */
const PAGES: Record<string, string[]> = {
  student: [
    "/sections",
    "link:/sections/",
    "/sections?availability=all&q=a",
    "/sections?q=zzzz",
    "/timetable",
    "/attendance",
    "/inbox",
    "/preferences",
  ],
  teacher: ["/today", "end:/change", "link:/classes/", "/inbox", "/preferences"],
  guardian: ["/family", "link:/family/", "/preferences", "/inbox"],
  admin: [
    "/admin",
    "/admin/calendar",
    "link:/admin/calendar/",
    "link:/admin/classes/",
    "/admin/settings",
    "/admin/people",
    "/admin/log",
    "/admin/mail",
  ],
};

fs.mkdirSync(values.out, { recursive: true });
const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: CHROMIUM_ARGS });
try {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [360, 1280]) {
      await shoot(browser, "nobody", ["/login", "/no-such-page", "/unsubscribe/not.ours", "/offline"], {
        colorScheme,
        width,
      });
      for (const account of accounts)
        if (!values.only || values.only === account.role)
          await shoot(browser, account.role, PAGES[account.role] ?? [], { colorScheme, width, account });
    }
  }
} finally {
  await browser.close();
}

type Options = { colorScheme: "light" | "dark"; width: number; account?: { email: string; password: string } };

async function shoot(on: Browser, role: string, targets: string[], options: Options): Promise<void> {
  const context = await on.newContext({
    baseURL: values.url,
    colorScheme: options.colorScheme,
    viewport: { width: options.width, height: options.width < 500 ? 740 : 800 },
    hasTouch: options.width < 500,
    isMobile: options.width < 500,
  });
  const page = await context.newPage();
  if (options.account) await signIn(page, options.account);
  for (const target of targets) {
    await open(page, target);
    const name =
      target
        .replace(/^(link|end):\/(.+)/, "$2-one")
        .replace(/[^a-z0-9]+/gi, "-")
        .replace(/^-|-$/g, "") || "home";
    const file = path.join(values.out, `${role}-${name}-${options.width}-${options.colorScheme}.png`);
    await page.screenshot({ path: file, fullPage: true });
    process.stdout.write(`${file}\n`);
  }
  await context.close();
}

async function open(page: Page, target: string): Promise<void> {
  const [, way, part = ""] = /^(link|end):(.+)$/.exec(target) ?? [];
  if (way === undefined) {
    await page.goto(target, { waitUntil: "networkidle" }).catch(() => page.waitForLoadState("load"));
    return;
  }
  await page
    .locator(`main a[href${way === "link" ? "^" : "$"}="${part}"]`)
    .first()
    .click();
  await page.waitForURL(way === "link" ? `**${part}*` : `**${part}`);
  await page.waitForLoadState("load");
}

async function signIn(page: Page, account: { email: string; password: string }): Promise<void> {
  await page.goto("/login");
  await page.getByRole("textbox", { name: /email/i }).fill(account.email);
  await page.locator('input[type="password"]').fill(account.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
}
