// Answers that never arrive: the web process dies while enrolls with an `Idempotency-Key` are in flight, and each is sent
// again with its key. Everything is counted from the tables at the end.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { freshDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { startProduct, type Product } from "@/tests/support/product";
import { at, buildSchool, type TestSchool } from "@/tests/support/school";

const PASSWORD = "correct horse battery staple";
const STUDENTS = 40;
const MIN_ROUNDS = 4;
/** Where a death falls is chance: more rounds until one fell between an effect and its answer. */
const MAX_ROUNDS = 12;

let database: TestDatabase;
let product: Product;
let school: TestSchool;
let tokens: string[];

beforeAll(async () => {
  database = await freshDatabase();
  school = await buildSchool(database.prisma, {
    students: STUDENTS,
    sections: Array.from({ length: MAX_ROUNDS }, () => ({ capacity: STUDENTS, meetings: [] })),
  });
  await database.prisma.user.updateMany({
    where: { schoolId: school.school.id },
    data: { passwordHash: await hashPassword(PASSWORD) },
  });
  product = await startProduct({ env: { DATABASE_URL: database.url }, workerProcesses: 0 });
  tokens = [];
  for (const { email } of school.students) {
    const body = JSON.stringify({ email, password: PASSWORD });
    const answer = await fetch(`${product.baseUrls[0]}/api/login`, { method: "POST", headers: JSON_TYPE, body });
    tokens.push(((await answer.json()) as { accessToken: string }).accessToken);
  }
}, 180_000);
afterAll(async () => {
  await product?.stop();
  await database?.drop();
}, 60_000);

const JSON_TYPE = { "content-type": "application/json" };

/** The answer, or null when the process died before it came. */
async function enroll(student: number, round: number): Promise<{ status: number; bytes: string } | null> {
  const headers = {
    ...JSON_TYPE,
    authorization: `Bearer ${at(tokens, student)}`,
    "idempotency-key": `round-${round}`,
    connection: "close",
  };
  const body = JSON.stringify({ sectionId: at(school.sections, round).id });
  try {
    const answer = await fetch(`${product.baseUrls[0]}/api/enroll`, { method: "POST", headers, body });
    return { status: answer.status, bytes: await answer.text() };
  } catch {
    return null;
  }
}

const everybody = Array.from({ length: STUDENTS }, (_, n) => n);
const rowsOf = (round: number) =>
  database.prisma.enrollment.count({ where: { sectionId: at(school.sections, round).id } });

describe("a web process that dies between the effect and the answer", () => {
  it("leaves nobody enrolled twice and nobody refused: each call sent again gets its one 201", async () => {
    let lost = 0;
    let lostAfterEffect = 0;
    for (let round = 0; round < MIN_ROUNDS || (round < MAX_ROUNDS && lostAfterEffect === 0); round++) {
      const inFlight = everybody.map((student) => enroll(student, round));
      // At another moment each time: as soon as the first rows are there, or at once.
      if (round > 0)
        await eventually(async () => (await rowsOf(round)) > 0, { everyMs: 1, what: "the first enrollment" });
      await product.web[0]?.kill();
      const first = await Promise.all(inFlight);
      const committed = await rowsOf(round);
      const answered = first.filter((answer) => answer?.status === 201).length;
      expect(committed).toBeGreaterThanOrEqual(answered);
      lost += first.filter((answer) => answer === null).length;
      lostAfterEffect += committed - answered;
      await product.web[0]?.restart();

      const again = await Promise.all(everybody.map((student) => enroll(student, round)));
      expect(again.map((answer) => answer?.status)).toEqual(everybody.map(() => 201));
      for (const [student, answer] of first.entries())
        if (answer?.status === 201) expect(at(again, student)?.bytes).toBe(answer.bytes);
      const ids = again.map((answer) => (JSON.parse(answer?.bytes ?? "{}") as { id: string }).id);
      const rows = await database.prisma.enrollment.findMany({
        where: { sectionId: at(school.sections, round).id },
        select: { id: true, studentId: true },
      });
      expect(new Set(rows.map(({ studentId }) => studentId)).size).toBe(STUDENTS);
      expect(rows.map(({ id }) => id).sort()).toEqual([...ids].sort());
      const events = await database.prisma.outboxEvent.count({ where: { key: at(school.sections, round).id } });
      const section = await database.prisma.section.findUniqueOrThrow({ where: { id: at(school.sections, round).id } });
      expect([events, section.seatsTaken]).toEqual([STUDENTS, STUDENTS]);
    }
    // Without such calls the test would have shown nothing.
    expect(lost).toBeGreaterThan(0);
    expect(lostAfterEffect).toBeGreaterThan(0);
  }, 240_000);
});
