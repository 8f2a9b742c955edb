import { classMarks } from "@/lib/attendance/class-changes/was-held";
import { db } from "@/lib/platform/db/client";
import { importRoster, type ImportOptions } from "@/lib/roster/run/import-roster";
import { memorySource } from "@/lib/roster/sources/sources";
import { rosterCsvOf } from "@/lib/roster/run/write-csv";
import type { Context } from "@/lib/shared/context";
import { newId } from "@/lib/shared/ids";

/** A Wednesday in mid-term. */
export const ROSTER_NOW = new Date("2026-10-07T12:00:00Z");
export type Row = Record<string, string | number>;
type Table = "orgs" | "academicSessions" | "courses" | "classes" | "users" | "roles" | "enrollments";
type Tables = Partial<Record<Table, Row[]>>;
type RunOptions = {
  now?: Date;
  /** In 1.2 the roles are in `roles`, and those of `users` are not read. */
  version?: "1.1" | "1.2";
  /** Files that say all there is; the others are differences. */
  bulk?: Table[];
  /** As of `importRoster`: in the transaction, when everything is written. */
  afterwards?: ImportOptions["afterwards"];
};

const COLUMNS = {
  orgs: ["sourcedId", "name", "type"],
  academicSessions: ["sourcedId", "status", "title", "type", "startDate", "endDate", "metadata.holidays"],
  courses: ["sourcedId", "status", "title", "courseCode", "orgSourcedId", "metadata.credits", "metadata.description"],
  classes: [
    "sourcedId",
    "status",
    "title",
    "courseSourcedId",
    "classCode",
    "schoolSourcedId",
    "termSourcedIds",
    "metadata.capacity",
    "metadata.meetings",
    "metadata.weeks",
  ],
  users: [
    "sourcedId",
    "status",
    "enabledUser",
    "orgSourcedIds",
    "role",
    "givenName",
    "familyName",
    "email",
    "agentSourcedIds",
  ],
  roles: ["sourcedId", "status", "userSourcedId", "roleType", "role", "orgSourcedId"],
  enrollments: [
    "sourcedId",
    "status",
    "classSourcedId",
    "schoolSourcedId",
    "userSourcedId",
    "role",
    "beginDate",
    "endDate",
  ],
} as const;

/** A small school with a tag of its own, so that tests of one file do not meet: rows for its files, imports, look-ups. */
export function rosterSchool(tag: string) {
  const user = (id: string, role: string, more: Row = {}): Row => ({
    sourcedId: id,
    enabledUser: "true",
    orgSourcedIds: tag,
    role,
    givenName: "Given",
    familyName: id,
    email: `${id}@${tag}.example.edu`,
    ...more,
  });
  const lesson = (id: string, more: Row = {}): Row => ({
    sourcedId: id,
    courseSourcedId: "c1",
    classCode: id,
    schoolSourcedId: tag,
    termSourcedIds: "term",
    "metadata.capacity": 3,
    "metadata.meetings": "MO 09:00-10:00",
    ...more,
  });
  const seat = (classId: string, userId: string, more: Row = {}): Row => ({
    sourcedId: `${classId}-${userId}`,
    classSourcedId: classId,
    schoolSourcedId: tag,
    userSourcedId: userId,
    role: userId.startsWith("t") ? "teacher" : "student",
    ...more,
  });
  const whole: Required<Omit<Tables, "roles">> = {
    orgs: [{ sourcedId: tag, name: tag, type: "school" }],
    academicSessions: [
      { sourcedId: "term", title: "Autumn", type: "term", startDate: "2026-09-21", endDate: "2026-11-01" },
    ],
    courses: [
      { sourcedId: "c1", title: "Course one", courseCode: "C1", orgSourcedId: tag, "metadata.credits": 4 },
      { sourcedId: "c2", title: "Course two", courseCode: "C2", orgSourcedId: tag, "metadata.credits": "2.5" },
    ],
    classes: [lesson("a"), lesson("b", { courseSourcedId: "c2", "metadata.meetings": "TU 09:00-10:00" })],
    users: [
      user("t1", "teacher"),
      user("s1", "student", { agentSourcedIds: "g1" }),
      user("s2", "student"),
      user("s3", "student"),
      user("s4", "student"),
      user("g1", "guardian", { agentSourcedIds: "s1" }),
      user("g2", "parent", { agentSourcedIds: "s1,s2" }),
    ],
    enrollments: [seat("a", "t1"), seat("a", "s1"), seat("a", "s2")],
  };
  const run = (tables: Tables, { now = ROSTER_NOW, version = "1.1", bulk = [], afterwards }: RunOptions = {}) => {
    const named = Object.entries({ orgs: whole.orgs, ...tables });
    const files = Object.fromEntries(
      named.map(([name, rows]) => {
        const columns = COLUMNS[name as keyof typeof COLUMNS];
        return [
          `${name}.csv`,
          rosterCsvOf([columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))]),
        ];
      }),
    );
    const modes = named.map(([name]) => [`file.${name}`, bulk.some((table) => table === name) ? "bulk" : "delta"]);
    files["manifest.csv"] = rosterCsvOf([["propertyName", "value"], ["oneroster.version", version], ...modes]);
    const options = { now, requestId: "test", marks: classMarks, timeZone: "Europe/Prague" };
    return importRoster(memorySource(files), afterwards ? { ...options, afterwards } : options);
  };
  const section = (sourcedId: string) =>
    db().section.findFirstOrThrow({
      where: { sourcedId, course: { sections: { some: {} } }, term: { school: { sourcedId: tag } } },
      include: {
        classSessions: { orderBy: { startsAt: "asc" } },
        enrollments: { orderBy: { id: "asc" } },
        teachers: true,
      },
    });
  const person = (sourcedId: string) =>
    db().user.findFirstOrThrow({ where: { sourcedId, school: { sourcedId: tag } }, include: { sessions: true } });
  const context = async (sourcedId: string): Promise<Context> => {
    const { id, schoolId, roles } = await person(sourcedId);
    return {
      actor: { userId: id, schoolId, roles, sessionId: newId() },
      requestId: newId(),
      now: ROSTER_NOW,
      source: "api",
    };
  };
  return { tag, user, lesson, seat, whole, run, section, person, context };
}
