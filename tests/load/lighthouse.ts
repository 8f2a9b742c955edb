// `npm run lighthouse [-- --out FOLDER]`: Lighthouse, as on a phone, of four pages of the built product with the demo school.
// Prints the scores; with --out the whole reports are kept. Lighthouse is no part of the installation: npm fetches the
// version named here when it is asked for. Asserts nothing.
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs, promisify } from "node:util";
import { createDb } from "@/lib/platform/db/client";
import accounts from "@/prisma/seed/accounts.json" with { type: "json" };
import { seedDemo } from "@/prisma/seed/seed-demo";
import { chromiumPath, ensurePrograms } from "@/scripts/lib/services/packages.mjs";
import { CHROMIUM_ARGS } from "@/tests/support/chromium";
import { startProduct } from "@/tests/support/product";
import { at } from "@/tests/support/school";
import { benchDatabase, benchEnvironment, benchmark } from "./driver/loaded-product";
import { machine } from "./driver/machine";

const LIGHTHOUSE = "lighthouse@12.8.2";
const CATEGORIES = ["performance", "accessibility", "best-practices"] as const;
const AUDITS = ["largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"] as const;
const RUNS = 3;
const MOST_TRIES = 2 * RUNS;

type Page = { name: string; path: string; role: string | null };
type Report = {
  /** What Lighthouse finds the processor to be worth; it slows it down four times, whatever it is. */
  environment: { benchmarkIndex: number };
  categories: Record<(typeof CATEGORIES)[number], { score: number | null }>;
  audits: Record<string, { score: number | null; title: string; displayValue?: string; numericValue?: number }>;
};

const { values } = parseArgs({ options: { out: { type: "string" } } });

await benchmark(async (bench) => {
  ensurePrograms(["chromium"]);
  const { databaseUrl } = await benchDatabase(bench, { durable: false });
  const classPath = await demoClass(databaseUrl);
  const product = await startProduct({ env: { ...benchEnvironment(bench, databaseUrl), CAMPUS_DEMO: "1" } });
  bench.undo.push(() => product.stop());
  const baseUrl = at(product.baseUrls, 0);
  const pages: Page[] = [
    { name: "sign-in", path: "/login", role: null },
    { name: "sections", path: "/sections", role: "student" },
    { name: "class grid", path: classPath, role: "teacher" },
    { name: "guardian's home", path: "/family", role: "guardian" },
  ];
  print(`${machine()}, ${LIGHTHOUSE}, phone, the middle of ${RUNS} runs by performance`);
  print(["page", ...CATEGORIES, ...AUDITS, "processor"].join(" | "));
  for (const page of pages) {
    const headers = path.join(bench.work, "headers.json");
    fs.writeFileSync(
      headers,
      JSON.stringify(page.role === null ? {} : { Cookie: await sessionOf(baseUrl, page.role) }),
    );
    const reports: Report[] = [];
    for (let left = MOST_TRIES; reports.length < RUNS; left -= 1)
      try {
        reports.push(await run(bench.work, `${baseUrl}${page.path}`, headers));
      } catch (error) {
        // It loses its trace now and then on a busy machine (NO_NAVSTART), and asks to be run again.
        if (left === 1) throw error;
      }
    const [middle] = reports.toSorted((a, b) => scoreOf(a) - scoreOf(b)).slice(Math.floor(RUNS / 2));
    if (!middle) throw new Error("no report");
    print(
      [
        page.name,
        ...CATEGORIES.map((category) => String(Math.round((middle.categories[category].score ?? 0) * 100))),
        ...AUDITS.map((audit) => middle.audits[audit]?.displayValue ?? "?"),
        String(Math.round(middle.environment.benchmarkIndex)),
      ].join(" | "),
    );
    for (const { title } of Object.values(middle.audits).filter(({ score }) => score === 0))
      print(`  not met: ${title}`);
    if (values.out === undefined) continue;
    fs.mkdirSync(values.out, { recursive: true });
    fs.writeFileSync(path.join(values.out, `${page.name.replaceAll(/\W+/g, "-")}.json`), JSON.stringify(middle));
  }
});

/** The demo school; the path of a class of its teacher. */
async function demoClass(databaseUrl: string): Promise<string> {
  const client = createDb(databaseUrl, 2);
  try {
    await seedDemo(client, new Date());
    const { id } = await client.classSession.findFirstOrThrow({
      where: {
        section: { teachers: { some: { user: { email: accountOf("teacher").email } } } },
        startsAt: { lte: new Date() },
      },
      orderBy: { startsAt: "desc" },
      select: { id: true },
    });
    return `/classes/${id}`;
  } finally {
    await client.$disconnect();
  }
}

function accountOf(role: string) {
  const account = accounts.find((each) => each.role === role);
  if (!account) throw new Error(`the demo school has no ${role}`);
  return account;
}

async function sessionOf(baseUrl: string, role: string): Promise<string> {
  const { email, password } = accountOf(role);
  const answer = await fetch(`${baseUrl}/api/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  if (answer.status !== 200) throw new Error(`signing in answered ${answer.status}`);
  const { accessToken } = (await answer.json()) as { accessToken: string };
  return `next-auth.session-token=${accessToken}`;
}

async function run(work: string, url: string, headers: string): Promise<Report> {
  const file = path.join(work, "report.json");
  const flags = ["--headless=new", ...CHROMIUM_ARGS].join(" ");
  await promisify(execFile)(
    "npm",
    [
      ...["exec", "--yes", "--package", LIGHTHOUSE, "--", "lighthouse", url, "--quiet", "--output=json"],
      ...[`--output-path=${file}`, `--extra-headers=${headers}`, `--chrome-flags=${flags}`],
      `--only-categories=${CATEGORIES.join(",")}`,
    ],
    { cwd: work, env: { ...process.env, CHROME_PATH: chromiumPath() ?? "" } },
  );
  return JSON.parse(fs.readFileSync(file, "utf8")) as Report;
}

function scoreOf(report: Report): number {
  return report.categories.performance.score ?? 0;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
