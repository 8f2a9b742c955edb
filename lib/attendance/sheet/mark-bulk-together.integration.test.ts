// Saves of several teachers at the same moment, and what a save of a large class costs.
import pg from "pg";
import { describe, expect, test, vi } from "vitest";
import { db } from "@/lib/platform/db/client";
import { codeOf, markingScene, published, told } from "@/tests/support/marking-scene";
import { addClassSession, at, buildSchool, contextOf } from "@/tests/support/school";
import { markBulk } from "./mark-bulk";
import { attendanceSheet } from "./queries";
import { markBulkSchema } from "../schema";

const { teacher, colleague, student, newClass, mark, marks, history } = markingScene();

describe("at the same time", () => {
  test("two teachers: every mark is kept, versions have no gap, history follows the records", async () => {
    const { id } = await newClass();
    const saves = Array.from({ length: 30 }, (_, n) =>
      mark(
        {
          classSessionId: id,
          finalize: false,
          records: [{ studentId: student(n), status: n % 2 ? "LATE" : "ABSENT" }],
        },
        n % 2 ? teacher() : colleague(),
      ),
    );
    const versions = (await Promise.all(saves)).map(({ version }) => version);
    expect(versions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
    const sheet = await attendanceSheet(teacher(), id);
    expect(sheet.roster.map(({ status }) => status)).toEqual(
      Array.from({ length: 30 }, (_, n) => (n % 2 ? "LATE" : "ABSENT")),
    );
  });

  test("with expectedVersion exactly one of two clashing saves wins", async () => {
    const { id } = await newClass();
    const codes = await Promise.all(
      [teacher(), colleague()].map((ctx, n) =>
        codeOf(
          mark({ classSessionId: id, finalize: false, expectedVersion: 0, records: marks(n ? "LATE" : "ABSENT") }, ctx),
        ),
      ),
    );
    expect(codes.toSorted()).toEqual(["done", "version_conflict"]);
    expect(await history(id)).toHaveLength(1);
  });

  test("finishing against autosaves: whoever ends up absent was announced exactly once", async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await newClass();
      const autosaves = [0, 1, 2, 3].map((n) =>
        mark({ classSessionId: id, finalize: false, records: [{ studentId: student(n), status: "ABSENT" }] }),
      );
      const finish = mark({ classSessionId: id, records: [{ studentId: student(9), status: "ABSENT" }] }, colleague());
      const again = mark({ classSessionId: id, records: [{ studentId: student(9), status: "ABSENT" }] });
      await Promise.all([...autosaves, finish, again]);
      const keys = (await told(id)).map(([type, key]) => `${type} ${key}`);
      expect(keys.toSorted()).toEqual([0, 1, 2, 3, 9].map((n) => `attendance_marked_absent ${student(n)}`).toSorted());
    }
  });

  test("one student in two classes at once: their events stand in the log in commit order", async () => {
    const classes = [await newClass(), await newClass()];
    await Promise.all(classes.map(({ id }) => mark({ classSessionId: id, records: marks("ABSENT", "ABSENT") })));
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        mark({ classSessionId: at(classes, n % 2).id, records: marks(n % 4 < 2 ? "LATE" : "ABSENT", "EXCUSED") }),
      ),
    );
    for (const { id } of classes) {
      const versions = (await published(id))
        .filter(({ key }) => key === student(0))
        .map(({ data }) => Number(data["version"]));
      expect(versions).toEqual(versions.toSorted((a, b) => a - b));
      expect(new Set(versions).size).toBe(versions.length);
    }
  });
});

describe("cost", () => {
  test("the same number of statements for 1, 30, 300 and 2,000 students", async () => {
    const large = await buildSchool(db(), {
      students: 2000,
      sections: [{ capacity: 2000, enrolled: Array.from({ length: 2000 }, (_, n) => n) }],
    });
    const ctx = contextOf(at(large.teachers, 0));
    const query = vi.spyOn(pg.Client.prototype, "query");
    const counts: number[] = [];
    for (const size of [1, 30, 300, 2000]) {
      const { id } = await addClassSession(db(), at(large.sections, 0));
      const records = large.students.slice(0, size).map(({ id: studentId }, n) => ({
        studentId,
        status: n % 10 === 0 ? ("ABSENT" as const) : ("PRESENT" as const),
      }));
      query.mockClear();
      const answer = await markBulk(ctx, markBulkSchema.parse({ classSessionId: id, records }));
      counts.push(query.mock.calls.length);
      expect(answer.counts).toMatchObject({ ABSENT: Math.ceil(size / 10), UNMARKED: 2000 - size });
      expect(await told(id)).toHaveLength(Math.ceil(size / 10));
    }
    expect(new Set(counts).size).toBe(1);
    expect(counts[0]).toBeGreaterThan(5);
    expect(counts[0]).toBeLessThanOrEqual(16);
  });
});
