// `npm run bench:grid [-- --students N] [--rounds N] [--keys N] [--slowdown N]`: how long a key takes to the paint in the
// class grid of the built product, at a slowed processor, and what of the processor it takes. The first figure grows with
// whatever else the machine does, the second much less. Prints figures; asserts nothing.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Browser, type CDPSession, chromium, type Page } from "playwright";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { createDb } from "@/lib/platform/db/client";
import { ensureDatabase, migrate } from "@/scripts/lib/migrate.mjs";
import { serviceEnvironment, servicesDown, servicesUp } from "@/scripts/lib/services/services.mjs";
import { CHROMIUM_ARGS, CHROMIUM_PATH } from "@/tests/support/chromium";
import { startProduct } from "@/tests/support/product";
import { addClassSession, at, buildSchool } from "@/tests/support/school";

const PASSWORD = "bench-password-of-one-run";
/** Between two keys, as a quick hand has it; it also leaves room for what the page does after a paint. */
const PAUSE_MS = 120;
/** What the processor was used for, as the browser names it; the first is all of it. */
const parts = ["TaskDuration", "ScriptDuration", "RecalcStyleDuration", "LayoutDuration"] as const;
const KEYS = ["a", "p", "l", "e", "p", "p"];
const { values } = parseArgs({
  options: {
    students: { type: "string", default: "300" },
    rounds: { type: "string", default: "3" },
    keys: { type: "string", default: "60" },
    slowdown: { type: "string", default: "4" },
  },
});
const [students, rounds, keys, slowdown] = (["students", "rounds", "keys", "slowdown"] as const).map((name) => {
  const value = Number(values[name]);
  if (!(value >= 1)) throw new Error(`--${name} must be a number from 1, not ${values[name]}`);
  return value;
}) as [number, number, number, number];

const work = fs.mkdtempSync(path.join(os.tmpdir(), "campus-grid-paint-"));
try {
  await main();
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const folder = path.join(work, "services");
  const { state } = await servicesUp({ names: ["postgres"], folder });
  try {
    const url = new URL(serviceEnvironment(state)["DATABASE_URL"] ?? "");
    url.pathname = "/campus_grid_paint";
    await ensureDatabase(url.href);
    await migrate(url.href);
    const sheets = await makeSheets(url.href);
    const product = await startProduct({
      env: { DATABASE_URL: url.href, CAMPUS_DATA_DIR: path.join(work, "data"), LOG_LEVEL: "warn", CAMPUS_DEMO: "0" },
      workerProcesses: 0,
    });
    const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: CHROMIUM_ARGS });
    try {
      await measure(browser, at(product.baseUrls, 0), sheets);
    } finally {
      await browser.close();
      await product.stop();
    }
  } finally {
    await servicesDown({ folder });
  }
}

type Sheets = { email: string; classSessionIds: string[] };

/** A class of the wanted size, one class session a round, and a teacher who can sign in. */
async function makeSheets(databaseUrl: string): Promise<Sheets> {
  const client = createDb(databaseUrl, 2);
  try {
    const enrolled = Array.from({ length: students }, (_, n) => n);
    const school = await buildSchool(client, {
      students,
      weeksBefore: 1,
      weeksAfter: 1,
      sections: [{ enrolled, meetings: [], capacity: students }],
    });
    const teacher = at(school.teachers, 0);
    await client.user.update({ where: { id: teacher.id }, data: { passwordHash: await hashPassword(PASSWORD) } });
    const classSessionIds = [];
    for (let round = 0; round < rounds; round++)
      classSessionIds.push(
        (await addClassSession(client, at(school.sections, 0), { startsInMinutes: -10 - round })).id,
      );
    return { email: teacher.email, classSessionIds };
  } finally {
    await client.$disconnect();
  }
}

async function measure(browser: Browser, baseURL: string, { email, classSessionIds }: Sheets): Promise<void> {
  const page = await browser.newPage({ baseURL, viewport: { width: 1280, height: 800 } });
  await page.addInitScript(recordPaints);
  await page.goto("/login");
  await page.getByLabel(/email/i).fill(email);
  await page.locator("input[type=password]").fill(PASSWORD);
  await page.locator("input[type=password]").press("Enter");
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
  const session = await page.context().newCDPSession(page);
  print(`${os.cpus().length} × ${os.cpus()[0]?.model ?? "unknown"}, ${Math.round(os.totalmem() / 2 ** 30)} GiB`);
  print(`Chromium ${browser.version()}, ${students} students, ${keys} keys a round, slowed ${slowdown} times`);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const all: number[] = [];
  const busy = { TaskDuration: 0, ScriptDuration: 0, RecalcStyleDuration: 0, LayoutDuration: 0 };
  for (const [round, id] of classSessionIds.entries()) {
    await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
    await page.goto(`/classes/${id}`, { waitUntil: "networkidle" });
    await page.locator("[role=rowheader]:focus").waitFor();
    await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    const before = await busySeconds(session);
    const paints = await pressKeys(page);
    const after = await busySeconds(session);
    for (const name of parts) busy[name] += (after.get(name) ?? 0) - (before.get(name) ?? 0);
    print(line(`round ${round + 1}`, paints));
    all.push(...paints);
  }
  print(line("all", all));
  const [whole, script, style, layout] = parts.map((name) => ((busy[name] * 1000) / all.length).toFixed(1));
  print(`the page's main thread, a key: ${whole} ms of processor; script ${script}, style ${style}, layout ${layout}`);
}

/** Processor time of the page's main thread so far, by what it was for. */
async function busySeconds(session: CDPSession): Promise<Map<string, number>> {
  const { metrics } = await session.send("Performance.getMetrics");
  return new Map(metrics.map(({ name, value }) => [name, value]));
}

async function pressKeys(page: Page): Promise<number[]> {
  const paints: number[] = [];
  for (let n = 0; n < keys; n++) {
    const [paint] = await Promise.all([
      page.evaluate(() => window.nextPaint()),
      page.keyboard.press(at(KEYS, n % KEYS.length)),
    ]);
    paints.push(paint);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return paints;
}

declare global {
  interface Window {
    /** Milliseconds from a key to the paint after it; the oldest that nobody has asked for, or the next. */
    nextPaint: () => Promise<number>;
  }
}

/**
 * Runs in the page. A message that is posted in an animation frame arrives after that frame was painted. No function here
 * has a name: the compiler would wrap it in a helper that the page does not have.
 */
function recordPaints(): void {
  const done: number[] = [];
  const asked: ((ms: number) => void)[] = [];
  window.nextPaint = () =>
    new Promise((resolve) => {
      const ms = done.shift();
      if (ms === undefined) asked.push(resolve);
      else resolve(ms);
    });
  addEventListener(
    "keydown",
    (event) =>
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          const ms = performance.now() - event.timeStamp;
          const resolve = asked.shift();
          if (resolve) resolve(ms);
          else done.push(ms);
        };
        channel.port2.postMessage(null);
      }),
    { capture: true },
  );
}

function line(what: string, paints: readonly number[]): string {
  const sorted = [...paints].sort((a, b) => a - b);
  const share = (part: number) => Math.round(at(sorted, Math.ceil(sorted.length * part) - 1));
  const load = os.loadavg()[0]?.toFixed(1) ?? "?";
  return `${what.padEnd(8)} p50 ${share(0.5)} ms, p95 ${share(0.95)} ms, most ${share(1)} ms (load ${load})`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
