// The last seats on registration day: many students, few seats, several Node processes. Everything is counted again
// from the tables at the end, not from what the processes say.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { overlapOf } from "@/lib/catalog/sections/schedule";
import { liveEnrollments } from "@/lib/enrollment/registration/own-enrollments";
import { db } from "@/lib/platform/db/client";
import { type EnrollProcess, startEnrollProcess } from "../support/enroll-processes";
import { at, buildSchool, type TestSchool } from "../support/school";

const PROCESSES = 3;
const hour = (day: number, start: number) => ({ day, startMinute: start * 60, endMinute: start * 60 + 50 });
let processes: EnrollProcess[] = [];

beforeAll(async () => {
  processes = await Promise.all(Array.from({ length: PROCESSES }, () => startEnrollProcess()));
}, 60_000);
afterAll(() => Promise.all(processes.map((process) => process.stop())));

/** Sections of a school whose counters, rows and events do not say the same, or that hold too many. */
async function disagreements(schoolId: string) {
  return db().$queryRaw`
    SELECT s.id, s.capacity, s.seats_taken, live.n AS live, log.n AS events
    FROM section s
    CROSS JOIN LATERAL (SELECT count(*)::int AS n FROM enrollment WHERE section_id = s.id AND status = 'ENROLLED') live
    CROSS JOIN LATERAL (SELECT COALESCE(sum(CASE type WHEN 'student_enrolled' THEN 1 ELSE -1 END), 0)::int AS n
      FROM outbox_event WHERE key = s.id AND type IN ('student_enrolled', 'student_dropped')) log
    WHERE s.school_id = ${schoolId}
      AND (s.seats_taken <> live.n OR s.seats_taken > s.capacity OR log.n <> live.n)`;
}

const deadlocks = async () => {
  const [row] = await db().$queryRaw<{ deadlocks: bigint }[]>`
    SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`;
  return Number(row?.deadlocks ?? -1);
};

const callsOf = (school: TestSchool, sectionId: string, students: readonly number[]) =>
  students.map((n) => ({
    act: "enroll" as const,
    studentId: at(school.students, n).id,
    schoolId: school.school.id,
    id: sectionId,
  }));
const share = (count: number, process: number) =>
  Array.from({ length: count }, (_, n) => n).filter((n) => n % PROCESSES === process);
const tally = (results: readonly string[]) =>
  results.reduce<Record<string, number>>((sum, result) => ({ ...sum, [result]: (sum[result] ?? 0) + 1 }), {});

describe("the last seats", () => {
  it("gives 5 seats to exactly 5 of 200 students on three processes, in each of 20 rounds", async () => {
    const rounds = 20;
    const school = await buildSchool(db(), {
      students: 200,
      sections: Array.from({ length: rounds }, (_, n) => ({ capacity: 5, meetings: [hour(1 + (n % 5), 8 + (n % 4))] })),
    });
    for (let round = 0; round < rounds; round++) {
      const { id } = at(school.sections, round);
      // Whoever got a seat before is out of this round: with the timetable free, only the seats decide.
      await db().$executeRaw`DELETE FROM enrollment WHERE school_id = ${school.school.id} AND section_id <> ${id}`;
      const answers = await Promise.all(
        processes.map((process, p) => process.send(callsOf(school, id, share(200, p)))),
      );
      expect(tally(answers.flat().map(({ result }) => result))).toEqual({ ok: 5, section_full: 195 });
      const [counted] = await db().$queryRaw<{ seats: number; live: number; students: number; events: number }[]>`
        SELECT s.seats_taken AS seats, count(e.id)::int AS live, count(DISTINCT e.student_id)::int AS students,
          (SELECT count(*)::int FROM outbox_event WHERE key = s.id) AS events
        FROM section s LEFT JOIN enrollment e ON e.section_id = s.id AND e.status = 'ENROLLED'
        WHERE s.id = ${id} GROUP BY s.id`;
      expect(counted).toEqual({ seats: 5, live: 5, students: 5, events: 5 });
    }
    expect(await deadlocks()).toBe(0);
  }, 120_000);
});

describe("one student at two doors", () => {
  it("never enrolls a student in two sections that overlap or of one course, asked for in the same instant", async () => {
    const rounds = 10;
    const students = 60;
    const school = await buildSchool(db(), {
      students,
      // Each round has its own hour: two sections that overlap, and two of one course at different times.
      sections: Array.from({ length: rounds }, (_, n) => [
        { capacity: 200, meetings: [hour(1 + (n % 5), 8 + 2 * Math.floor(n / 5))] },
        { capacity: 200, meetings: [hour(1 + (n % 5), 8 + 2 * Math.floor(n / 5))] },
        { capacity: 200, course: n, meetings: [hour(1 + (n % 5), 14 + 2 * Math.floor(n / 5))] },
        { capacity: 200, course: n, meetings: [hour(6, 8 + n)] },
      ]).flat(),
    });
    const everybody = Array.from({ length: students }, (_, n) => n);
    for (let round = 0; round < rounds; round++) {
      // Every student asks for all four at once, in four batches that go through three processes.
      const answers = await Promise.all(
        [0, 1, 2, 3].map((which) => {
          const order = which % 2 === 0 ? everybody : [...everybody].reverse();
          const { id } = at(school.sections, 4 * round + which);
          return at(processes, (round + which) % PROCESSES).send(callsOf(school, id, order));
        }),
      );
      const of = (which: number) => tally(at(answers, which).map(({ result }) => result));
      expect((of(0)["ok"] ?? 0) + (of(1)["ok"] ?? 0)).toBe(students);
      expect((of(0)["time_conflict"] ?? 0) + (of(1)["time_conflict"] ?? 0)).toBe(students);
      expect((of(2)["ok"] ?? 0) + (of(3)["ok"] ?? 0)).toBe(students);
      expect((of(2)["already_enrolled"] ?? 0) + (of(3)["already_enrolled"] ?? 0)).toBe(students);
    }
    const own = await liveEnrollments(
      db(),
      school.school.id,
      school.students.map(({ id }) => id),
    );
    let pairs = 0;
    for (const sections of own.values()) {
      expect(sections).toHaveLength(2 * rounds);
      for (const [n, one] of sections.entries()) {
        for (const other of sections.slice(n + 1)) {
          pairs++;
          expect(overlapOf(one, other)).toBeNull();
          expect(one.courseId).not.toBe(other.courseId);
        }
      }
    }
    expect(pairs).toBeGreaterThan(10_000);
    expect(await disagreements(school.school.id)).toEqual([]);
    expect(await deadlocks()).toBe(0);
  }, 120_000);
});

describe("a storm of enrolling and dropping", () => {
  it("keeps the seats equal to the live rows and the events in turn for each student", async () => {
    const students = 30;
    const school = await buildSchool(db(), {
      students,
      sections: Array.from({ length: 4 }, (_, n) => ({ capacity: 3, meetings: [hour(1, 8 + n)] })),
    });
    const results: string[] = [];
    const caller = (n: number) => ({
      process: at(processes, n % PROCESSES),
      who: { studentId: at(school.students, n).id, schoolId: school.school.id },
    });
    const enter = async (n: number, step: number) => {
      const { process, who } = caller(n);
      const { id: sectionId } = at(school.sections, (n + step) % 4);
      const [entered] = await process.send([{ act: "enroll", id: sectionId, ...who }]);
      results.push(entered?.result ?? "lost");
      return entered?.id;
    };
    const leave = async (n: number, id: string) => {
      const { process, who } = caller(n);
      // Dropped twice at once: one of the two succeeds.
      const left = await process.send([
        { act: "drop", id, ...who },
        { act: "drop", id, ...who },
      ]);
      expect(left.map(({ result }) => result).sort()).toEqual(["enrollment_not_found", "ok"]);
    };
    const everybody = Array.from({ length: students }, (_, n) => n);
    // Nobody leaves before all have asked: 7 or 8 want the 3 seats of each section, whatever the machine's pace.
    const held = await Promise.all(everybody.map((n) => enter(n, 0)));
    expect(tally(results)).toEqual({ ok: 12, section_full: 18 });
    // From here on each goes at its own pace, in and out.
    const wander = async (n: number) => {
      let id = held[n];
      for (let step = 1; step <= 8; step++) {
        if (id !== undefined) await leave(n, id);
        id = step < 8 ? await enter(n, step) : undefined;
      }
    };
    await Promise.all(everybody.map((n) => wander(n)));
    expect(results).toHaveLength(students * 8);
    expect(results.filter((result) => result !== "ok" && result !== "section_full")).toEqual([]);
    expect(await disagreements(school.school.id)).toEqual([]);
    const [alternation] = await db().$queryRaw<{ wrong: number; events: number }[]>`
      SELECT count(*) FILTER (WHERE type = before)::int AS wrong, count(*)::int AS events FROM (
        SELECT type, lag(type) OVER (PARTITION BY key, envelope->'data'->>'studentId' ORDER BY xid, id) AS before
        FROM outbox_event WHERE school_id = ${school.school.id}) AS log`;
    expect(alternation?.wrong).toBe(0);
    expect(alternation?.events).toBe(2 * results.filter((result) => result === "ok").length);
    expect(await deadlocks()).toBe(0);
  }, 120_000);
});

describe("a process that is killed in the middle", () => {
  it("leaves counters, rows and events in step, and what it answered is true", async () => {
    const rounds = 5;
    const school = await buildSchool(db(), {
      students: 240,
      sections: Array.from({ length: rounds }, (_, n) => ({ capacity: 100, meetings: [hour(2, 8 + n)] })),
    });
    for (let round = 0; round < rounds; round++) {
      const { id } = at(school.sections, round);
      const victim = await startEnrollProcess();
      const doomed = victim.send(
        callsOf(
          school,
          id,
          Array.from({ length: 120 }, (_, n) => n),
        ),
      );
      const others = at(processes, round % PROCESSES).send(
        callsOf(
          school,
          id,
          Array.from({ length: 120 }, (_, n) => 120 + n),
        ),
      );
      // At a different point each time: before its first answer, or after some.
      await Promise.race([doomed, victimAnswers(victim, round)]);
      victim.kill();
      const told = [...(await doomed), ...(await others)];
      const enrolled = told.flatMap((answer) => (answer.id === undefined ? [] : [answer.id]));
      expect(await db().enrollment.count({ where: { id: { in: enrolled }, status: "ENROLLED" } })).toBe(
        enrolled.length,
      );
      // The survivors can go on at once: the locks of the dead are gone with its connection.
      const after = await at(processes, 0).send(
        callsOf(
          school,
          id,
          Array.from({ length: 120 }, (_, n) => n),
        ),
      );
      expect(Object.keys(tally(after.map(({ result }) => result)))).not.toContain("unavailable");
      expect(await db().enrollment.count({ where: { sectionId: id, status: "ENROLLED" } })).toBe(100);
    }
    expect(await disagreements(school.school.id)).toEqual([]);
    expect(await deadlocks()).toBe(0);
  }, 120_000);
});

/** Resolves when a process has given its first few answers; at once for the first round. */
function victimAnswers(victim: EnrollProcess, round: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => (victim.answered() >= round * 8 ? resolve() : setImmediate(look));
    look();
  });
}
