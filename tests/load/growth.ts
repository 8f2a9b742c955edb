// `npm run bench:growth [-- --scale N] [--requests N] [--only NAME] [--plans FILE] [--keep FOLDER]`: what the product's pages and
// main calls cost in the demo school, and in the same school after five years and with 20,000 students more. Both schools
// lie on one server, each with a web process of its own, and are asked in turn: only the ratio means something. With --plans
// the plan of every statement of the grown school goes to a file; with --keep the schools stay in a folder, and a later run
// on the same day begins at once. Prints figures; asserts nothing.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { createDb } from "@/lib/platform/db/client";
import { seedDemo } from "@/prisma/seed/seed-demo";
import { startProduct } from "@/tests/support/product";
import { at } from "@/tests/support/school";
import { type Answer, LoadClient } from "./driver/client";
import { accountOf, demoPages, demoScene, type Person } from "./driver/demo-pages";
import { tell } from "./driver/figures";
import { type Bench, benchDatabase, benchEnvironment, benchmark, positive } from "./driver/loaded-product";
import { machine } from "./driver/machine";
import { type StatementCost, StatementCosts, STATEMENTS_HAVE_COSTS } from "./driver/statement-costs";
import { growSchool, sizeAt } from "./school/grown-school";

const { values } = parseArgs({
  options: {
    scale: { type: "string", default: "1" },
    requests: { type: "string", default: "40" },
    only: { type: "string", default: "" },
    plans: { type: "string" },
    keep: { type: "string" },
  },
});
const scale = Number(values.scale);
if (!(scale > 0)) throw new Error(`--scale must be a number above 0, not ${values.scale}`);
const requests = positive("requests", values.requests);
const WARM_UP = 12;
const GROWN_DATABASE = "campus_grown";

/** What is asked for is not there, for example because it took too long: the others can be measured all the same. */
class Refused extends Error {}

/** Something that is asked for again and again; `ask` answers the request that is timed. */
type Act = { name: string; who: Person | null; ask: (client: LoadClient, token: string | null) => Promise<Answer> };
type School = { name: string; database: string; client: LoadClient };
type Cost = { ms: number; database: StatementCost };

await benchmark(async (bench) => {
  const { demoUrl, grownUrl, logFile } = await schools(bench);
  const costs = new StatementCosts(demoUrl);
  await costs.connect();
  bench.undo.push(() => costs.close());
  const all = [await serve(bench, "demo", demoUrl), await serve(bench, "grown", grownUrl)];
  const acts = (await actsOf(demoUrl)).filter(({ name }) => new RegExp(values.only).test(name));

  process.stdout.write(`${machine()}, ${requests} requests each\n\n`);
  print("", "ms", "", "", "database ms", "", "statements", "");
  print("", "demo", "grown", "ratio", "demo", "grown", "demo", "grown");
  for (const act of acts) {
    const [demo, grown] = await costOf(act, all, costs).catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
      print(act.name, error.message);
      return [];
    });
    if (!demo || !grown) continue;
    const ratio = grown.ms / demo.ms;
    print(
      act.name,
      ...[demo.ms, grown.ms].map((ms) => ms.toFixed(1)),
      ratio.toFixed(2),
      ...[demo, grown].map(({ database }) => database.ms.toFixed(1)),
      ...[demo, grown].map(({ database }) => database.statements.toFixed(1)),
    );
    tell([
      {
        what: `growth: ${act.name}`,
        figure: `${demo.ms.toFixed(0)} → ${grown.ms.toFixed(0)} ms, in the database ${demo.database.ms.toFixed(1)} → ${grown.database.ms.toFixed(1)}`,
        ratio: `${ratio.toFixed(2)} of the demo school`,
      },
    ]);
  }
  if (values.plans !== undefined) await writePlans(values.plans, acts, at(all, 1), costs, logFile);
});

/** A server with the demo school, and with the same school grown. */
async function schools(bench: Bench): Promise<{ demoUrl: string; grownUrl: string; logFile: string }> {
  const work = values.keep === undefined ? bench.work : path.resolve(values.keep);
  const settings = { ...STATEMENTS_HAVE_COSTS, max_wal_size: "8GB" };
  const { databaseUrl: demoUrl } = await benchDatabase({ work, undo: bench.undo }, { durable: false, settings });
  const grownUrl = new URL(demoUrl);
  grownUrl.pathname = `/${GROWN_DATABASE}`;
  const made = { demoUrl, grownUrl: grownUrl.href, logFile: path.join(work, "services/postgres.log") };
  const client = new pg.Client({ connectionString: demoUrl });
  await client.connect();
  const isThere = async (sql: string) => ((await client.query(sql)).rowCount ?? 0) > 0;
  // Renamed when it is complete: a school that was grown in part is made anew.
  if (!(await isThere(`SELECT 1 FROM pg_database WHERE datname = '${GROWN_DATABASE}'`))) {
    const db = createDb(demoUrl, 2);
    if (!(await isThere("SELECT 1 FROM school"))) await seedDemo(db, new Date());
    await db.$disconnect();
    await client.query("VACUUM ANALYZE");
    await client.end();
    grownUrl.pathname = "/campus_growing";
    const other = new pg.Client({ connectionString: demoUrl.replace(/[^/]*$/, "postgres") });
    await other.connect();
    await other.query("DROP DATABASE IF EXISTS campus_growing WITH (FORCE)");
    await other.query("CREATE DATABASE campus_growing TEMPLATE campus_bench");
    const size = sizeAt(scale);
    process.stderr.write(`growing to ${size.students} students …\n`);
    await growSchool(grownUrl.href, size, {
      say: (step, seconds) => process.stderr.write(`${step}: ${seconds.toFixed(0)} s\n`),
    });
    await other.query(`ALTER DATABASE campus_growing RENAME TO ${GROWN_DATABASE}`);
    await other.end();
  } else await client.end();
  return made;
}

async function serve(bench: Bench, name: string, databaseUrl: string): Promise<School> {
  const product = await startProduct({
    env: {
      ...benchEnvironment(bench, databaseUrl),
      CAMPUS_DATA_DIR: path.join(bench.work, name),
    },
    workerProcesses: 0, // what it does by itself would be counted as the page's
  });
  bench.undo.push(() => product.stop());
  const client = new LoadClient(product.baseUrls, 1);
  bench.undo.push(() => client.close());
  return { name, database: new URL(databaseUrl).pathname.slice(1), client };
}

/** The pages of the demo school's people, and the calls that matter: both schools hold the same of them. */
async function actsOf(databaseUrl: string): Promise<Act[]> {
  const db = createDb(databaseUrl, 2);
  try {
    const scene = await demoScene(db);
    const [student, teacher, guardian, admin] = [
      accountOf("student"),
      accountOf("teacher"),
      accountOf("guardian"),
      accountOf("admin"),
    ];
    const pages = [
      ...demoPages(scene),
      { name: "sections, free", path: "/sections", who: student },
      { name: "sections, a word", path: "/sections?availability=all&q=mathematics", who: student },
      { name: "sections that fit", path: "/sections?fitsMySchedule=1", who: student },
      { name: "a class of the office", path: `/admin/classes/${scene.classId}`, who: admin },
    ];
    const reads = [
      { name: "GET sections/available", path: "/api/sections/available?availability=all&limit=25", who: student },
      { name: "GET enrollments", path: "/api/enrollments", who: student },
      { name: "GET me/attendance", path: "/api/me/attendance", who: student },
      { name: "GET class-sessions", path: "/api/class-sessions", who: teacher },
      { name: "GET family/version", path: "/api/family/version", who: guardian },
      { name: "GET notifications", path: "/api/notifications", who: guardian },
    ];
    const enrolled = await db.enrollment.findFirstOrThrow({
      where: { sectionId: scene.sectionId, status: "ENROLLED" },
      select: { studentId: true },
    });
    let marked = 0;
    const mark = (client: LoadClient, token: string | null) =>
      client.send("POST", "/api/attendance/mark-bulk", token, {
        classSessionId: scene.classId,
        records: [{ studentId: enrolled.studentId, status: "LATE", minutesLate: 1 + (Math.floor(marked++ / 2) % 100) }],
        finalize: true,
      });
    return [
      ...pages.map(({ name, path: address, who }) => ({
        name,
        who,
        ask: (client: LoadClient, token: string | null) => client.page(address, token ?? ""),
      })),
      ...reads.map(({ name, path: address, who }) => ({
        name,
        who,
        ask: (client: LoadClient, token: string | null) => client.send("GET", address, token),
      })),
      { name: "POST enroll", who: student, ask: enrolling(await freeSection(db)) },
      { name: "POST mark-bulk", who: teacher, ask: mark },
    ];
  } finally {
    await db.$disconnect();
  }
}

/** A section without a class at a time of the demo student's, and with room: it can be taken and dropped again. */
async function freeSection(db: ReturnType<typeof createDb>): Promise<string> {
  const [section] = await db.$queryRaw<{ id: string }[]>`
    SELECT s.id FROM section s JOIN course c ON c.id = s.course_id
    WHERE s.seats_taken + 1 < s.capacity AND NOT EXISTS (
      SELECT 1 FROM enrollment e JOIN app_user u ON u.id = e.student_id
      WHERE u.email = ${accountOf("student").email} AND e.status = 'ENROLLED' AND (e.course_id = s.course_id OR EXISTS (
        SELECT 1 FROM meeting mine JOIN meeting theirs ON theirs.section_id = s.id AND theirs.day = mine.day
          AND theirs.start_minute < mine.end_minute AND mine.start_minute < theirs.end_minute
        WHERE mine.section_id = e.section_id)))
    ORDER BY c.code, s.code LIMIT 1`;
  if (!section) throw new Error("the demo student can take no section");
  return section.id;
}

function enrolling(sectionId: string): Act["ask"] {
  return async (client, token) => {
    const answer = await client.send("POST", "/api/enroll", token, { sectionId });
    if (answer.status !== 201) throw new Error(`enrolling answered ${answer.status} ${JSON.stringify(answer.body)}`);
    const dropped = await client.send("DELETE", `/api/enrollments/${String(answer.body["id"])}`, token);
    if (dropped.status > 204) throw new Error(`dropping answered ${dropped.status}`);
    return answer;
  };
}

/** Asks both schools in turn, so that what else the machine does meets both alike; medians. */
async function costOf(act: Act, all: readonly School[], costs: StatementCosts): Promise<Cost[]> {
  const tokens = await Promise.all(all.map((school) => tokenOf(school, act)));
  const times = all.map((): number[] => []);
  const round = async () => {
    for (const [n, school] of all.entries()) times[n]?.push((await ask(act, school, tokens[n] ?? null)).ms);
  };
  for (let n = 0; n < WARM_UP; n += 1) await round();
  for (const list of times) list.length = 0;
  await costs.reset();
  for (let n = 0; n < requests; n += 1) await round();
  const spent = await costs.read();
  return all.map(({ database }, n) => {
    const { statements, ms } = spent.get(database) ?? { statements: 0, ms: 0 };
    return { ms: medianOf(times[n] ?? []), database: { statements: statements / requests, ms: ms / requests } };
  });
}

async function ask(act: Act, { client, name }: School, token: string | null): Promise<Answer> {
  const answer = await act.ask(client, token);
  if (answer.status > 204) throw new Refused(`${name} answered ${answer.status}`);
  return answer;
}

async function tokenOf({ client }: School, { who }: Act): Promise<string | null> {
  if (!who) return null;
  const answer = await client.send("POST", "/api/login", null, who);
  if (answer.status !== 200) throw new Error(`signing in answered ${answer.status}`);
  return String(answer.body["accessToken"]);
}

async function writePlans(file: string, acts: readonly Act[], school: School, costs: StatementCosts, logFile: string) {
  fs.writeFileSync(file, "");
  for (const act of acts) {
    const token = await tokenOf(school, act);
    const plans = await costs.plansOf(logFile, () => ask(act, school, token).catch(() => undefined));
    fs.appendFileSync(file, `\n======== ${act.name}\n${plans}`);
  }
}

function medianOf(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN;
}

function print(name: string, ...cells: string[]): void {
  process.stdout.write(`${name.padEnd(24)}${cells.map((cell) => cell.padStart(11)).join("")}\n`);
}
