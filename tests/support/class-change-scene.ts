// A school in which classes are cancelled, moved and freed: two sections that share a teacher and students, guardians, and
// what came of it.
import { beforeAll } from "vitest";
import { db } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { dateFromText, instantOf } from "@/lib/shared/time";
import { at, buildSchool, contextOf, type TestSchool } from "./school";

/** A Wednesday in term, and the Monday of the week after: far enough from both changes of the clock. */
export const NOW = new Date("2026-11-18T09:00:00Z");
export const MONDAY = "2026-11-23";
export const ZONE = "Europe/Prague";

/** The hook that builds a school for each test file: section 0 meets on Monday 9:00, section 1 on Tuesday 9:00. */
export function classChangeScene() {
  let built: TestSchool | undefined;
  beforeAll(async () => {
    built = await buildSchool(db(), {
      now: NOW,
      students: 3,
      teachers: 3,
      guardiansOf: [0, 1],
      sections: [
        { enrolled: [0, 1], teachers: [0, 1] },
        { enrolled: [1, 2], teachers: [1], meetings: [{ day: 2, startMinute: 540, endMinute: 590 }] },
      ],
    });
  });
  const school = () => at(built ? [built] : [], 0);
  const section = (n = 0) => at(school().sections, n);
  return {
    school,
    section,
    teacher: (n = 0) => contextOf(at(school().teachers, n), { now: NOW }),
    office: () => contextOf(school().admin, { now: NOW }),
    /** The planned class of a section on a date. */
    classOn(date: string, n = 0) {
      const session = section(n).classSessions.find((each) => each.date.toISOString().slice(0, 10) === date);
      return at(session ? [session] : [], 0);
    },
    stored: (id: string) => db().classSession.findUniqueOrThrow({ where: { id } }),
    /** One more class of a section, as if it were planned by hand: tests change it without getting in each other's way. */
    async newClass(date: string, startMinute: number, n = 0) {
      const id = newId();
      await db().classSession.create({
        data: {
          id,
          schoolId: school().school.id,
          sectionId: section(n).id,
          date: dateFromText(date) ?? NOW,
          startsAt: instantOf(date, startMinute, ZONE),
          endsAt: instantOf(date, startMinute + 50, ZONE),
        },
      });
      return id;
    },
    async mark(classSessionId: string, options: { finalized: boolean }) {
      const facts = { classSessionId, schoolId: school().school.id };
      await db().attendanceSheet.create({
        data: { ...facts, version: 1, finalizedAt: options.finalized ? NOW : null },
      });
      const student = at(school().students, 0);
      await db().attendanceRecord.create({
        data: {
          ...facts,
          id: newId(),
          studentId: student.id,
          status: "PRESENT",
          markedAt: NOW,
          markedById: student.id,
        },
      });
    },
    /** Types and data of the events about a class or a day off, in the order of the log. */
    events: (id: string) =>
      db().$queryRaw<{ type: string; key: string; data: Record<string, unknown> }[]>`
        SELECT type, key, envelope->'data' AS data FROM outbox_event
        WHERE ${id} IN (envelope->'data'->>'classSessionId', envelope->'data'->>'dayOffId') ORDER BY id`,
  };
}
