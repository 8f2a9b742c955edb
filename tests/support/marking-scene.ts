// A school whose teachers mark: thirty students in a section with two teachers, what they save, and what came of it.
import { beforeAll } from "vitest";
import type { z } from "zod";
import { markBulk } from "@/lib/attendance/sheet/mark-bulk";
import { type AttendanceStatus, markBulkSchema } from "@/lib/attendance/schema";
import { db } from "@/lib/platform/db/client";
import type { AppError } from "@/lib/shared/errors";
import { addClassSession, at, buildSchool, contextOf, type TestSchool } from "./school";

export type MarkInput = z.input<typeof markBulkSchema>;

/** The hook that builds the school and a second one, and the words of tests about marking. */
export function markingScene() {
  let schools: { school: TestSchool; other: TestSchool } | undefined;
  beforeAll(async () => {
    const enrolled = Array.from({ length: 30 }, (_, n) => n);
    const school = await buildSchool(db(), {
      students: 40,
      teachers: 3,
      sections: [
        { enrolled, teachers: [0, 1] },
        { enrolled: [35], teachers: [2] },
      ],
    });
    schools = { school, other: await buildSchool(db(), { students: 2, sections: [{ enrolled: [0, 1] }] }) };
  });
  const built = () => at(schools ? [schools] : [], 0);
  const school = () => built().school;
  const section = () => at(school().sections, 0);
  const teacher = () => contextOf(at(school().teachers, 0));
  const student = (n: number) => at(school().students, n).id;
  return {
    school,
    other: () => built().other,
    section,
    teacher,
    colleague: () => contextOf(at(school().teachers, 1)),
    student,
    /** A class of the section, running now unless told otherwise. */
    newClass: (options: Parameters<typeof addClassSession>[2] = {}) => addClassSession(db(), section(), options),
    mark: (input: MarkInput, ctx = teacher()) => markBulk(ctx, markBulkSchema.parse(input)),
    /** Records of the first students, in their order. */
    marks: (...statuses: (AttendanceStatus | null)[]) =>
      statuses.map((status, n) => ({ studentId: student(n), status })),
    /** The changes of a class: by student, then by version. */
    async history(classSessionId: string) {
      const order = new Map(school().students.map(({ id }, n) => [id, n]));
      const place = ({ studentId, version }: { studentId: string; version: number }) =>
        (order.get(studentId) ?? 0) * 100 + version;
      const changes = await db().attendanceChange.findMany({ where: { classSessionId } });
      return changes.toSorted((a, b) => place(a) - place(b));
    },
  };
}

/** The events of a class in the order of the log. */
export function published(classSessionId: string) {
  return db().$queryRaw<{ type: string; key: string; data: Record<string, unknown> }[]>`
    SELECT type, key, envelope->'data' AS data FROM outbox_event
    WHERE envelope->'data'->>'classSessionId' = ${classSessionId} ORDER BY id`;
}

/** Type and key of the events of a class. */
export async function told(classSessionId: string): Promise<[type: string, key: string][]> {
  return (await published(classSessionId)).map(({ type, key }) => [type, key]);
}

/** The code that a piece of work is refused with, or "done". */
export function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "done",
    (error: AppError) => error.code,
  );
}
