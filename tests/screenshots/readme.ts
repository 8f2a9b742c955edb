// `npm run screenshots:readme -- [--url http://localhost:3000]`: the two pictures of the README, from a running demo
// school whose class of now has not been marked yet. Saves drafts in that school; finishes nothing.
import { parseArgs } from "node:util";
import { chromium, type Browser, type Page } from "playwright";
import accounts from "@/prisma/seed/accounts.json";
import { CHROMIUM_ARGS, CHROMIUM_PATH } from "@/tests/support/chromium";

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://localhost:3000" },
    out: { type: "string", default: "docs/images" },
  },
});

const MARKS = "pplppepap";

const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: CHROMIUM_ARGS });
try {
  const teacher = await signedIn(browser, "teacher", { width: 1280, height: 815 });
  await teacher.locator('main a[href^="/classes/"]').first().click();
  await teacher.getByRole("rowheader").first().focus();
  // Every mark is a change, also when an earlier run has left some.
  for (const _ of MARKS) for (const key of ["0", "ArrowDown"]) await teacher.keyboard.press(key);
  await teacher.keyboard.press("Control+Home");
  for (const key of MARKS) await teacher.keyboard.press(key);
  await teacher.getByText(/^Saved/).waitFor();
  await teacher.evaluate(() => window.scrollTo(0, 0));
  const grid = await teacher.screenshot();
  const guardian = await signedIn(browser, "guardian", { width: 360, height: 720 });
  const home = await guardian.screenshot();
  await sideBySide(browser, grid, home);
  const student = await signedIn(browser, "student", { width: 1280, height: 800 });
  await student.screenshot({ path: `${values.out}/sections.png` });
} finally {
  await browser.close();
}

async function signedIn(on: Browser, role: string, viewport: { width: number; height: number }): Promise<Page> {
  const account = accounts.find((known) => known.role === role);
  if (!account) throw new Error(`no demo account for ${role}`);
  const context = await on.newContext({ baseURL: values.url, viewport, isMobile: viewport.width < 500 });
  const page = await context.newPage();
  await page.goto("/login");
  await page.getByRole("textbox", { name: /email/i }).fill(account.email);
  await page.locator('input[type="password"]').fill(account.password);
  await page.locator('input[type="password"]').press("Enter");
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
  await page.waitForLoadState("networkidle");
  return page;
}

/** Desktop and phone beside each other, as one picture. */
async function sideBySide(on: Browser, desktop: Buffer, phone: Buffer): Promise<void> {
  const page = await on.newPage({ viewport: { width: 1600, height: 760 } });
  const image = (png: Buffer, height: number) =>
    `<img height="${height}" src="data:image/png;base64,${png.toString("base64")}">`;
  await page.setContent(`<style>
    body { margin: 0; height: 760px; display: flex; gap: 28px; align-items: center; justify-content: center; background: #eceef4 }
    img { border-radius: 12px; border: 1px solid #d5d8e0; box-shadow: 0 8px 24px #1c213014 }
  </style>${image(desktop, 662)}${image(phone, 662)}`);
  await page.screenshot({ path: `${values.out}/product.png` });
}
