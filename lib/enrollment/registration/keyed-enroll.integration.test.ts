import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { POST as enrollRoute } from "@/app/api/enroll/route";
import { signAccessToken } from "@/lib/identity/sessions/access-token";
import { createDb, type Db, db, transaction } from "@/lib/platform/db/client";
import { lockEntities } from "@/lib/platform/db/locks";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { AnsweredBefore, type KeyedCall } from "@/lib/shared/keyed-call";
import { advisoryLocks } from "@/tests/support/advisory-locks";
import { testDatabase } from "@/tests/support/database";
import { at, buildSchool, contextOf, type TestSchool } from "@/tests/support/school";
import type { RegistrationRequest } from "./decide";
import { enroll } from "./enroll";
import { registrationBatch } from "./registration-batch";
import { RegistrationQueue } from "./registration-queue";

const STUDENTS = 60;
let school: TestSchool;
/** As a second process: a pool and a queue of its own. */
let elsewhere: Db;

beforeAll(async () => {
  school = await buildSchool(db(), {
    students: STUDENTS,
    sections: Array.from({ length: 12 }, () => ({ meetings: [], capacity: STUDENTS })),
  });
  elsewhere = createDb(process.env["DATABASE_URL"] ?? "", 4);
});
afterAll(() => elsewhere.$disconnect());

const sectionId = (n: number) => at(school.sections, n).id;
const live = (section: number) =>
  db().enrollment.count({ where: { sectionId: sectionId(section), status: "ENROLLED" } });

async function post(student: number, key: string | null, body: unknown) {
  const person = at(school.students, student);
  const actor = { userId: person.id, schoolId: person.schoolId, roles: person.roles, sessionId: "session" };
  const headers = new Headers({ authorization: `Bearer ${await signAccessToken(actor, new Date())}` });
  if (key !== null) headers.set("idempotency-key", key);
  const request = new Request("http://localhost/api/enroll", { method: "POST", headers, body: JSON.stringify(body) });
  const answer = await enrollRoute(request, { params: Promise.resolve({}) });
  const bytes = await answer.text();
  return { status: answer.status, bytes, code: (JSON.parse(bytes) as { code?: string }).code, headers: answer.headers };
}

/** A call as the edge makes it. */
function keyedCall(key: string, body = "body"): KeyedCall {
  return {
    route: "POST /api/enroll",
    key,
    bodyHash: new Uint8Array(Buffer.from(body.padEnd(32))),
    encode: (result) =>
      result instanceof AppError
        ? { status: result.status, headers: [], body: JSON.stringify({ code: result.code }) }
        : { status: result.status, headers: [], body: JSON.stringify(result.body) },
  };
}

const keyedContext = (student: number, key: string, body?: string): Context => ({
  ...contextOf(at(school.students, student)),
  keyed: keyedCall(key, body),
});

function keyedRequest(student: number, section: number, key: string | null): RegistrationRequest {
  const ctx = contextOf(at(school.students, student));
  const request = { kind: "enroll" as const, ctx, sectionId: sectionId(section), enrollmentId: newId() };
  if (key === null) return request;
  const { encode, ...call } = keyedCall(key);
  return {
    ...request,
    keyed: {
      call: { ...call, userId: ctx.actor.userId },
      answerOf: (decided) => encode({ status: 201, body: decided }),
    },
  };
}

describe("an enroll with a key", () => {
  it("sent fifty times at once enrolls once; each answer is the first one, or says that it is running", async () => {
    const body = { sectionId: sectionId(0) };
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(0, "rush", body)));
    const enrolled = answers.filter(({ status }) => status === 201);
    expect(new Set(enrolled.map(({ bytes }) => bytes)).size).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 201))
      expect([answer.status, answer.code, answer.headers.get("retry-after")]).toEqual([
        409,
        "idempotency_in_progress",
        "1",
      ]);
    const again = await post(0, "rush", body);
    expect([again.status, again.bytes]).toEqual([201, at(enrolled, 0).bytes]);
    expect(await live(0)).toBe(1);
    expect((await post(0, null, body)).code).toBe("already_enrolled");
  });

  it("gets its refusal again, and another body is refused", async () => {
    const unknown = { sectionId: newId() };
    const first = await post(1, "unknown", unknown);
    expect([first.status, first.code]).toEqual([404, "section_not_found"]);
    expect((await post(1, "unknown", unknown)).bytes).toBe(first.bytes);
    await post(1, null, { sectionId: sectionId(0) });
    const refused = await post(1, "again", { sectionId: sectionId(0) });
    expect([refused.status, refused.code]).toEqual([409, "already_enrolled"]);
    await db().$executeRaw`DELETE FROM enrollment WHERE student_id = ${at(school.students, 1).id}`;
    await db().$executeRaw`UPDATE section SET seats_taken = seats_taken - 1 WHERE id = ${sectionId(0)}`;
    expect((await post(1, "again", { sectionId: sectionId(0) })).bytes).toBe(refused.bytes);
    const reused = await post(1, "again", { sectionId: sectionId(1) });
    expect([reused.status, reused.code]).toEqual([422, "idempotency_key_reused"]);
    expect(await live(1)).toBe(0);
  });

  it("is another one for another student", async () => {
    for (const student of [2, 3]) expect((await post(student, "shared", { sectionId: sectionId(2) })).status).toBe(201);
    expect(await live(2)).toBe(2);
  });

  it("is told that the first is running while a section is held, also with another body; then gets its answer", async () => {
    const body = { sectionId: sectionId(3) };
    let first: ReturnType<typeof post> | undefined;
    await transaction(async (tx) => {
      await lockEntities(tx, "section", [sectionId(3)]);
      first = post(4, "held", body);
      await expect.poll(waitingForLocks).toBe(1);
      // Told at once, however long the first has to wait.
      expect((await post(4, "held", body)).code).toBe("idempotency_in_progress");
      expect((await post(4, "held", { sectionId: sectionId(4) })).code).toBe("idempotency_key_reused");
    });
    const answer = await first;
    expect(answer?.status).toBe(201);
    expect((await post(4, "held", body)).bytes).toBe(answer?.bytes);
    expect([await live(3), await live(4)]).toEqual([1, 0]);
  });

  it("has one answer between two processes", async () => {
    const input = { sectionId: sectionId(5), joinWaitlist: false };
    const students = Array.from({ length: 20 }, (_, n) => n);
    const outcome = (student: number, client: Db) =>
      enroll(keyedContext(student, "two"), input, client).then(
        ({ id }) => id,
        (error: unknown) => {
          if (!(error instanceof AnsweredBefore)) throw error;
          return (JSON.parse(error.answer.body ?? "") as { id: string }).id;
        },
      );
    const here = students.map((student) => outcome(student, db()));
    const there = students.map((student) => outcome(student, elsewhere));
    expect(await Promise.all(there)).toEqual(await Promise.all(here));
    expect(await live(5)).toBe(20);
  });
});

describe("a batch", () => {
  it("decides new calls, gives kept answers to old ones and keeps those of keys alone", async () => {
    const before = keyedRequest(10, 6, "old");
    await registrationBatch([before], { wait: false }, db());
    const requests = [
      keyedRequest(10, 6, "old"),
      keyedRequest(11, 6, "new"),
      keyedRequest(12, 6, null),
      keyedRequest(13, 6, "other"),
    ];
    const outcomes = await registrationBatch(requests, { wait: false }, db());
    expect(outcomes).toEqual([
      { kept: { status: 201, headers: [], body: JSON.stringify({ enrollmentId: before.enrollmentId }) } },
      ...requests.slice(1).map(({ enrollmentId }) => ({ enrollmentId })),
    ]);
    expect(await live(6)).toBe(4);
    expect(await keysOf(["old", "new", "other"])).toBe(3);
  });

  it("that fails is halved, and every key is kept with its effect", async () => {
    const queue = new RegistrationQueue(db(), 1, (requests, options, client) =>
      requests.length > 3
        ? Promise.reject(new Error("too many for this test"))
        : registrationBatch(requests, options, client),
    );
    const requests = Array.from({ length: 40 }, (_, n) => keyedRequest(n + 15, 7, `half-${n}`));
    const outcomes = await Promise.all(requests.map((request) => queue.add(request)));
    expect(outcomes).toEqual(requests.map(({ enrollmentId }) => ({ enrollmentId })));
    const again = await Promise.all(requests.map((request) => queue.add({ ...request, enrollmentId: newId() })));
    for (const [n, outcome] of again.entries())
      expect(outcome).toMatchObject({ kept: { body: JSON.stringify(at(outcomes, n)) } });
    expect(await live(7)).toBe(40);
  });

  it("that is rolled back keeps no key", async () => {
    await db().$executeRaw`
      ALTER TABLE idempotency_key ADD CONSTRAINT not_this CHECK (key <> 'not-this')`;
    await expect(
      enroll(keyedContext(20, "not-this"), { sectionId: sectionId(8), joinWaitlist: false }),
    ).rejects.toThrow();
    expect(await live(8)).toBe(0);
    expect(await keysOf(["not-this"])).toBe(0);
  });
});

async function keysOf(keys: string[]): Promise<number> {
  const [row] = await db().$queryRaw<{ rows: number }[]>`
    SELECT count(*)::int AS rows FROM idempotency_key WHERE key = ANY(${keys}::text[])`;
  return row?.rows ?? -1;
}

async function waitingForLocks(): Promise<number> {
  const { pool } = await testDatabase();
  return (await advisoryLocks(pool, { isGranted: false })).length;
}
