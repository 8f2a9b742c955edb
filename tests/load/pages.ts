// `npm run bench:pages [-- --requests N] [-- --only NAME]`: what each page of the built product costs: statements, processor time as a
// multiple of the no-op route of the same run, and bytes of HTML, on the demo school and a class of 300. Prints figures;
// asserts nothing.
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import pg from "pg";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { createDb } from "@/lib/platform/db/client";
import { seedDemo } from "@/prisma/seed/seed-demo";
import { accountOf, demoPages, demoScene, type Page, type Person } from "./driver/demo-pages";
import { type Figure, tell } from "./driver/figures";
import { machine } from "./driver/machine";
import { processorMsOf } from "./driver/process-figures";
import { sleep } from "@/scripts/lib/processes.mjs";
import { startProduct } from "@/tests/support/product";
import { addClassSession, at, buildSchool } from "@/tests/support/school";
import { benchDatabase, benchEnvironment, benchmark, PASSWORD, positive } from "./driver/loaded-product";

const { values } = parseArgs({ options: { requests: { type: "string", default: "100" }, only: { type: "string" } } });
const requests = positive("requests", values.requests);
const CLASS = 30;
const LARGE_CLASS = 300;
/** A server tells what its connections did within this time. */
const STATISTICS_MS = 1_500;
const IDLE_MS = 2_000;

const cookies = new Map<string, string>();

type Cost = { statements: number; cpuMs: number; bytes: number; zipped: number };

await benchmark(async (bench) => {
  const { undo } = bench;
  const { databaseUrl } = await benchDatabase(bench, { durable: false });
  const all = await school(databaseUrl);
  const pages = all.filter(({ name }) => values.only === undefined || new RegExp(values.only).test(name));
  const product = await startProduct({
    env: benchEnvironment(bench, databaseUrl),
    workerProcesses: 0, // what it does by itself would be counted as the page's
  });
  undo.push(() => product.stop());
  const statistics = new pg.Client({ connectionString: databaseUrl });
  await statistics.connect();
  undo.push(() => statistics.end());
  const target = { baseUrl: at(product.baseUrls, 0), pid: at(product.web, 0).pid, statistics };

  const student = accountOf("student");
  // The first thousand requests of a process cost twice as much, whatever they are.
  for (const warm of all.slice(0, 6)) await costOf(target, warm);
  const noOp = await costOf(target, { name: "no-op route", path: "/api/ping", who: student }, 10 * requests);
  process.stdout.write(`${machine()}, ${requests} requests each\n\n`);
  print("page", "statements", "CPU ms", "× no-op", "HTML KB", "gzip KB");
  show("no-op route", noOp, noOp);
  const figures: Figure[] = [];
  for (const page of pages) {
    const cost = await costOf(target, page);
    show(page.name, cost, noOp);
    figures.push({
      what: `page: ${page.name}`,
      figure: `${cost.statements.toFixed(1)} statements, ${(cost.bytes / 1024).toFixed(0)} KB of HTML`,
      ratio: `${(cost.cpuMs / noOp.cpuMs).toFixed(1)} × no-op (processor)`,
    });
  }
  show("no-op route, again", await costOf(target, { name: "", path: "/api/ping", who: student }, 10 * requests), noOp);
  tell(figures);
});

/** The demo school, and a teacher with a class of 300 in a school beside it. */
async function school(databaseUrl: string): Promise<Page[]> {
  const client = createDb(databaseUrl, 2);
  try {
    await seedDemo(client, new Date());
    const large = await buildSchool(client, {
      students: LARGE_CLASS,
      weeksBefore: 1,
      weeksAfter: 1,
      sections: [LARGE_CLASS, CLASS].map((capacity) => ({
        enrolled: Array.from({ length: capacity }, (_, n) => n),
        meetings: [],
        capacity,
      })),
    });
    const lecturer = at(large.teachers, 0);
    await client.user.update({ where: { id: lecturer.id }, data: { passwordHash: await hashPassword(PASSWORD) } });
    const lecture = await addClassSession(client, at(large.sections, 0), { startsInMinutes: -10 });
    const lesson = await addClassSession(client, at(large.sections, 1), { startsInMinutes: -10 });
    return [
      ...demoPages(await demoScene(client)),
      ...[
        { name: `class of ${CLASS}`, path: `/classes/${lesson.id}` },
        { name: `class of ${LARGE_CLASS}`, path: `/classes/${lecture.id}` },
        { name: `class of ${CLASS} as a form`, path: `/classes/${lesson.id}/plain` },
      ].map((page) => ({ ...page, who: { email: lecturer.email, password: PASSWORD } })),
    ];
  } finally {
    await client.$disconnect();
  }
}

type Target = { baseUrl: string; pid: number; statistics: pg.Client };

async function cookieOf(baseUrl: string, { email, password }: Person): Promise<string> {
  const known = cookies.get(email);
  if (known !== undefined) return known;
  const answer = await fetch(`${baseUrl}/api/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  if (answer.status !== 200) throw new Error(`signing in answered ${answer.status}`);
  const cookie = `next-auth.session-token=${((await answer.json()) as { accessToken: string }).accessToken}`;
  cookies.set(email, cookie);
  return cookie;
}

/** One page asked for again and again, one request at a time. */
async function costOf(
  { baseUrl, pid, statistics }: Target,
  { path: address, who, name }: Page,
  times = requests,
): Promise<Cost> {
  const headers = who ? { cookie: await cookieOf(baseUrl, who) } : {};
  let html = Buffer.alloc(0);
  const ask = async (count: number) => {
    for (let n = 0; n < count; n += 1) {
      const answer = await fetch(`${baseUrl}${address}`, { headers, redirect: "manual" });
      if (answer.status > 204) throw new Error(`${name} answered ${answer.status}`);
      html = Buffer.from(await answer.arrayBuffer());
    }
  };
  await ask(Math.max(10, times / 5)); // compiled and warm
  // What the process does by itself (it looks for ended sessions) is measured first and taken off.
  const idle = await spent(pid, statistics, () => sleep(IDLE_MS));
  const busy = await spent(pid, statistics, () => ask(times));
  const longer = (busy.tookMs + STATISTICS_MS) / (idle.tookMs + STATISTICS_MS);
  return {
    statements: (busy.transactions - idle.transactions * longer) / times,
    cpuMs: (busy.cpuMs - (idle.cpuMs * busy.tookMs) / idle.tookMs) / times,
    bytes: html.byteLength,
    zipped: gzipSync(html).byteLength,
  };
}

/** Processor time of the process, and transactions of the database: a read of a page is one statement and one of them. */
async function spent(pid: number, statistics: pg.Client, work: () => Promise<unknown>) {
  const before = { cpuMs: processorMsOf(pid), transactions: await transactionsOf(statistics) };
  const startedAt = performance.now();
  await work();
  const tookMs = performance.now() - startedAt;
  const cpuMs = processorMsOf(pid) - before.cpuMs;
  await sleep(STATISTICS_MS);
  return { tookMs, cpuMs, transactions: (await transactionsOf(statistics)) - before.transactions };
}

async function transactionsOf(statistics: pg.Client): Promise<number> {
  const { rows } = await statistics.query<{ count: string }>(
    "SELECT xact_commit AS count FROM pg_stat_database WHERE datname = current_database()",
  );
  return Number(rows[0]?.count);
}

function show(name: string, cost: Cost, noOp: Cost): void {
  print(
    name,
    cost.statements.toFixed(1),
    cost.cpuMs.toFixed(1),
    (cost.cpuMs / noOp.cpuMs).toFixed(1),
    (cost.bytes / 1024).toFixed(0),
    (cost.zipped / 1024).toFixed(1),
  );
}

function print(name: string, ...cells: string[]): void {
  process.stdout.write(`${name.padEnd(24)}${cells.map((cell) => cell.padStart(12)).join("")}\n`);
}
