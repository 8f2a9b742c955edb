// What people and programs get while PostgreSQL is frozen, and when it is killed under load: a real web process, whose
// database is stopped by SIGSTOP and by SIGKILL.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { createDb, type Db } from "@/lib/platform/db/client";
import { ensureDatabase, migrate } from "@/scripts/lib/migrate.mjs";
import { isSame, sleep, type RememberedProcess } from "@/scripts/lib/processes.mjs";
import { readState, servicesDown, servicesUp } from "@/scripts/lib/services/services.mjs";
import { eventually } from "@/tests/support/eventually";
import { startProduct, type Product } from "@/tests/support/product";
import { buildSchool, type TestSchool } from "@/tests/support/school";
import { databaseUrl } from "@/tests/support/template-database";
import errors from "@/messages/en/errors.json";
import { signalTree } from "./support/process-tree";

const PASSWORD = "correct horse battery staple";
const PAGES = ["/timetable", "/sections", "/attendance", "/inbox", "/preferences"];
const STUDENTS = 8;
const SECTIONS = 24;
/** What a request may take: its 10 s, and a moment for a machine that does other things too. */
const LONGEST_MS = 13_500;
/** Instead of a status: the connection was ended in the middle of the answer. */
const CUT = 0;

let folder: string;
let product: Product;
let school: TestSchool;
let database: Db;
let tokens: string[];
const agent = new Agent({ connections: 64, bodyTimeout: 60_000, headersTimeout: 60_000 });

const startPostgres = async (): Promise<string> =>
  databaseUrl((await servicesUp({ folder, names: ["postgres"] })).state.postgres?.url ?? "", "lost");

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "campus-lost-"));
  const url = await startPostgres();
  await ensureDatabase(url);
  await migrate(url);
  database = createDb(url, 2);
  school = await buildSchool(database, {
    students: STUDENTS,
    sections: Array.from({ length: SECTIONS }, () => ({ meetings: [] })),
  });
  await database.user.updateMany({
    where: { schoolId: school.school.id },
    data: { passwordHash: await hashPassword(PASSWORD) },
  });
  product = await startProduct({ env: { DATABASE_URL: url }, workerProcesses: 0 });
  tokens = await Promise.all(school.students.map(({ email }) => signIn(email)));
}, 180_000);
afterAll(async () => {
  await database?.$disconnect();
  await product?.stop();
  await agent.close();
  await servicesDown({ folder });
  fs.rmSync(folder, { recursive: true, force: true });
}, 60_000);

type Answered = { what: string; status: number; ms: number; headers: Record<string, unknown>; body: string };

async function ask(method: "GET" | "POST" | "DELETE", address: string, student = 0, body?: unknown): Promise<Answered> {
  const startedAt = performance.now();
  const token = tokens?.[student] ?? "";
  const isApi = address.startsWith("/api/");
  const answer = await request(`${product.baseUrls[0]}${address}`, {
    method,
    dispatcher: agent,
    headers: {
      ...(isApi ? { authorization: `Bearer ${token}` } : { cookie: `next-auth.session-token=${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  let status = answer.statusCode;
  const text = await answer.body.text().catch(() => {
    status = CUT;
    return "";
  });
  const ms = performance.now() - startedAt;
  return { what: `${method} ${address}`, status, ms, headers: answer.headers, body: text };
}

async function signIn(email: string): Promise<string> {
  const { status, body } = await ask("POST", "/api/login", 0, { email, password: PASSWORD });
  expect(status).toBe(200);
  return (JSON.parse(body) as { accessToken: string }).accessToken;
}

function server(): RememberedProcess {
  const [found] = readState(folder).postgres?.processes ?? [];
  if (!found) throw new Error("PostgreSQL does not run");
  return found;
}

const sectionId = (index: number): string => school.sections[index]?.id ?? "";

/** What is in the tables of one section: live rows of each student, and the seats that are counted. */
async function seats(index: number): Promise<{ live: number; counted: number }> {
  const [row] = await database.$queryRaw<{ live: bigint; counted: number }[]>`
    SELECT (SELECT count(*) FROM enrollment e WHERE e.section_id = s.id AND e.status = 'ENROLLED') AS live,
           s.seats_taken AS counted FROM section s WHERE s.id = ${sectionId(index)}`;
  return { live: Number(row?.live), counted: Number(row?.counted) };
}

describe("a PostgreSQL that is frozen", () => {
  it("is answered 503 with words within the deadline, by ready within 2 s, and nothing is done twice", async () => {
    for (const page of PAGES) expect((await ask("GET", page)).status, page).toBe(200);
    const { pid } = server();
    let answers: Answered[];
    let probes: Answered[];
    signalTree(pid, "SIGSTOP");
    try {
      const probing = Promise.all([ask("GET", "/api/health/ready"), ask("GET", "/api/health/live")]);
      answers = await Promise.all([
        // More than there are connections: some wait for one, some for the server.
        ...Array.from({ length: 4 }, () => PAGES.map((page) => ask("GET", page))).flat(),
        ...school.students.map((_, student) => ask("GET", "/api/enrollments", student)),
        ...school.students.map((_, student) => ask("POST", "/api/enroll", student, { sectionId: sectionId(student) })),
        ...school.students.map((_, student) => ask("POST", "/api/enroll", student, { sectionId: sectionId(20) })),
      ]);
      probes = await probing;
      probes.push(await ask("GET", "/api/health/ready"));
    } finally {
      signalTree(pid, "SIGCONT");
    }
    const [ready, live, readyAgain] = probes;
    expect(live?.status).toBe(200);
    for (const each of [ready, readyAgain]) {
      expect(each?.ms).toBeLessThan(3_000);
      expect(each).toMatchObject({ status: 503 });
      expect(JSON.parse(each?.body ?? "")).toMatchObject({ dependencies: { database: "down" } });
    }
    const slowest = Math.max(...answers.map(({ ms }) => ms));
    console.info(`frozen: ${answers.length} requests, the slowest answer after ${Math.round(slowest)} ms`);
    // A page of which a part was sent and the rest never came is cut: its time is up as well.
    const cut = answers.filter(({ what, status }) => status === CUT && !what.includes("/api/"));
    expect(cut.length).toBeLessThanOrEqual(2);
    for (const { what, status, headers, body, ms } of answers) {
      expect(ms, what).toBeLessThan(LONGEST_MS);
      if (cut.some((each) => each.status === status)) continue;
      // A page that has begun to be sent keeps its 200, and its script says the words.
      if (status === 200 && !what.includes("/api/")) {
        expect(body, what).toContain("unavailable");
        continue;
      }
      expect([status, headers["retry-after"]], `${what}: ${body.slice(0, 300)}`).toEqual([503, "2"]);
      if (what.includes("/api/")) expect(JSON.parse(body), what).toMatchObject({ code: "unavailable", status: 503 });
      else expect(body, what).toContain(errors.outageTitle);
    }

    await eventually(async () => (await ask("GET", "/api/health/ready")).status === 200, { timeoutMs: 20_000 });
    for (const page of PAGES) expect((await ask("GET", page)).status, page).toBe(200);
    // Whoever tries again has one seat, whether the first try was rolled back or not.
    const again = await Promise.all(
      school.students.flatMap((_, student) =>
        [student, 20].map((index) => ask("POST", "/api/enroll", student, { sectionId: sectionId(index) })),
      ),
    );
    for (const { status, body } of again)
      if (status !== 201) expect([status, JSON.parse(body).code]).toEqual([409, "already_enrolled"]);
    for (let index = 0; index < STUDENTS; index += 1) expect(await seats(index)).toEqual({ live: 1, counted: 1 });
    expect(await seats(20)).toEqual({ live: STUDENTS, counted: STUDENTS });
    const open = await database.$queryRaw<unknown[]>`
      SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
    expect(open).toEqual([]);
  }, 120_000);
});

describe("a PostgreSQL that is killed under load", () => {
  it("is answered 503, never 500, and everything recovers by itself", async () => {
    const answers: Answered[] = [];
    let isOver = false;
    const people = Array.from({ length: 24 }, async (_, person) => {
      const student = person % STUDENTS;
      for (let round = person; !isOver; round += 1) {
        const index = 8 + (round % 12);
        const page = PAGES[round % PAGES.length] ?? "";
        const answer = await (round % 3 === 0
          ? ask("GET", page, student)
          : round % 3 === 1
            ? ask("POST", "/api/enroll", student, { sectionId: sectionId(index) })
            : ask("GET", "/api/sections/available", student));
        answers.push(answer);
        if (answer.status === 503) await sleep(50);
      }
    });
    try {
      for (let round = 0; round < 3; round += 1) {
        await eventually(async () => (await ask("GET", "/api/enrollments")).status === 200, { timeoutMs: 30_000 });
        await sleep(1_000);
        const killed = server();
        signalTree(killed.pid, "SIGKILL");
        await eventually(() => !isSame(killed), { what: "PostgreSQL to be gone" });
        await sleep(1_000);
        await startPostgres();
      }
      await eventually(async () => (await ask("GET", "/timetable")).status === 200, { timeoutMs: 30_000 });
    } finally {
      isOver = true;
      await Promise.all(people);
    }
    const statuses = answers.map(({ status }) => status);
    const tally = [...new Set(statuses)].sort().map((each) => [each, statuses.filter((one) => one === each).length]);
    console.info(`killed three times: ${JSON.stringify(Object.fromEntries(tally))}`);
    expect(answers.filter(({ status }) => status >= 500 && status !== 503)).toEqual([]);
    expect(statuses).toContain(503);
    for (const { what, status, headers } of answers) if (status === 503) expect(headers["retry-after"], what).toBe("2");
    for (let index = 8; index < 20; index += 1) {
      const { live, counted } = await seats(index);
      expect(counted).toBe(live);
    }
  }, 180_000);
});
