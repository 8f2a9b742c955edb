// `node scripts/run.mjs tests/budgets/first-load.ts`: JavaScript, CSS and fonts that a page loads first, against budgets.
// Reads what `next build` left in .next. First load = the shared chunks and the entry chunks of every segment of the page,
// gzip level 6, without the polyfill for browsers that have no modules.
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { gzipSync } from "node:zlib";

const KB = 1024;
/** Kilobytes (1,024 bytes) of JavaScript after gzip for each page; a page without a line here fails the check. */
const JS_BUDGET_KB: Record<string, number> = {
  "/login": 140,
  "/login/second-step": 140,
  "/invite/[token]": 140,
  "/forgot": 140,
  "/confirm-email/[token]": 140,
  "/first-password": 140,
  "/reset/[token]": 140,
  "/": 140,
  "/sections": 175,
  "/sections/[id]": 175,
  "/timetable": 150,
  "/today": 150,
  "/classes/[classSessionId]": 190,
  "/classes/[classSessionId]/plain": 150,
  "/classes/[classSessionId]/change": 150,
  "/attendance": 150,
  "/family": 150,
  "/family/[studentId]": 150,
  "/inbox": 155,
  "/preferences": 155,
  "/account": 155,
  "/account/sign-in-methods": 155,
  "/prove": 155,
  "/n/[notificationId]": 150,
  "/admin": 150,
  "/admin/calendar": 150,
  "/admin/import": 150,
  "/admin/import/[importId]": 150,
  "/admin/calendar/[date]": 150,
  "/admin/classes/[classSessionId]": 150,
  "/admin/invitations": 155,
  "/admin/settings": 150,
  "/admin/people": 155,
  "/admin/people/new": 155,
  "/admin/people/[personId]": 155,
  "/admin/log": 155,
  "/admin/mail": 150,
  "/unsubscribe/[token]": 140,
  "/setup/[token]": 140,
  "/setup/[token]/school": 140,
  "/setup/[token]/administrator": 140,
};
const CSS_BUDGET_KB = 20;
const FONTS_BUDGET_KB = 55;
const NOT_PAGES = new Set(["/_not-found", "/_global-error", "/kit"]);

const build = path.resolve(".next");
let passed = 0;
let failed = 0;

const pages = pageManifests();
if (pages.length === 0) throw new Error("There is no build to read: run `npm run build` first.");
for (const { route, file } of pages) {
  const { scripts, styles } = chunksOf(file);
  const budget = JS_BUDGET_KB[route];
  if (budget === undefined) verdict(`${route} has no budget: give it one in tests/budgets/first-load.ts`, 0, -1);
  else verdict(`JavaScript of ${route}`, gzippedKb(scripts), budget);
  verdict(`CSS of ${route}`, gzippedKb(styles), CSS_BUDGET_KB);
}
for (const route of Object.keys(JS_BUDGET_KB))
  if (!pages.some((page) => page.route === route)) verdict(`${route} is in the budgets but not in the build`, 0, -1);
verdict("fonts", fontsKb(), FONTS_BUDGET_KB);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function verdict(what: string, kb: number, budgetKb: number): void {
  const fits = kb <= budgetKb;
  if (fits) passed++;
  else failed++;
  process.stdout.write(`${fits ? "ok  " : "FAIL"} ${what.padEnd(46)} ${kb.toFixed(1).padStart(7)} of ${budgetKb} KB\n`);
}

function pageManifests(): { route: string; file: string }[] {
  const root = path.join(build, "server/app");
  if (!fs.existsSync(root)) return [];
  return fs
    .readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("page_client-reference-manifest.js"))
    .map((file) => {
      const segments = path
        .dirname(file)
        .split(path.sep)
        .filter((segment) => segment !== "." && !segment.startsWith("("));
      return { route: `/${segments.join("/")}`, file: path.join(root, file) };
    })
    .filter(({ route }) => !NOT_PAGES.has(route))
    .sort((a, b) => a.route.localeCompare(b.route));
}

type Manifest = { entryJSFiles?: Record<string, string[]>; entryCSSFiles?: Record<string, { path: string }[]> };

function chunksOf(file: string): { scripts: string[]; styles: string[] } {
  const context: { __RSC_MANIFEST?: Record<string, Manifest> } = {};
  vm.runInNewContext(fs.readFileSync(file, "utf8"), Object.assign(context, { globalThis: context }));
  const [manifest] = Object.values(context.__RSC_MANIFEST ?? {});
  const shared: { rootMainFiles: string[] } = JSON.parse(
    fs.readFileSync(path.join(file.replace(/_client-reference-manifest\.js$/, ""), "build-manifest.json"), "utf8"),
  );
  return {
    scripts: unique([...shared.rootMainFiles, ...Object.values(manifest?.entryJSFiles ?? {}).flat()]),
    styles: unique(
      Object.values(manifest?.entryCSSFiles ?? {})
        .flat()
        .map((style) => style.path),
    ),
  };
}

function unique(values: string[]): string[] {
  return [...new Set(values)];
}

function gzippedKb(files: string[]): number {
  return (
    files.reduce((sum, file) => sum + gzipSync(fs.readFileSync(path.join(build, file)), { level: 6 }).length, 0) / KB
  );
}

function fontsKb(): number {
  const folder = path.join(build, "static/media");
  const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter((file) => file.endsWith(".woff2")) : [];
  return files.reduce((sum, file) => sum + fs.statSync(path.join(folder, file)).size, 0) / KB;
}
