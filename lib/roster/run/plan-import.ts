import type { SessionHolidays } from "@/lib/catalog/calendar/holidays/import-roster-holidays";
import { planSections, storedSections, storedTermsOf, type SectionPlan } from "@/lib/catalog/import/import-sections";
import type { ClassMarks } from "@/lib/catalog/class-sessions/class-marks";
import { planClassSessionWork, type ClassSessionWork } from "@/lib/catalog/class-sessions/plan-store";
import { planTeachers, teachingAmong, type TeacherPlan } from "@/lib/catalog/import/import-teachers";
import {
  planCourses,
  planTerms,
  storedTerms,
  termsByDate,
  type CoursePlan,
  type TermPlan,
} from "@/lib/catalog/import/import-terms-and-courses";
import {
  enrolledAmong,
  planEnrollments,
  entitiesToLock,
  type EnrollmentPlan,
  type OfficeEnrollment,
} from "@/lib/enrollment/import/import-enrollments";
import { planGuardianships, type GuardianshipPlan } from "@/lib/identity/import/import-guardianships";
import { planPeople, storedPeople, type PeoplePlan, type StoredPerson } from "@/lib/identity/import/import-people";
import { storedRoleRows, type RoleRow } from "@/lib/identity/import/import-roles";
import { planSchool, type SchoolPlan } from "@/lib/identity/import/import-school";
import type { Tx } from "@/lib/platform/db/client";
import { lockEntities } from "@/lib/platform/db/locks";
import { localDateOf } from "@/lib/shared/time";
import { type Problems, RosterRefused } from "../problems";
import { resolveCourses, resolveHeldIn, resolveSections, resolveTerms } from "../resolve/catalog";
import { resolveEnrollments } from "../resolve/enrollments";
import { resolveLinks, resolvePeople } from "../resolve/people";
import { resolveRoles } from "../resolve/roles";
import { type Moved, stepsOf } from "./progress";
import type { Roster } from "../sources/rows";

/** Everything that an import will write. */
export type ImportPlan = {
  version: Roster["version"];
  school: SchoolPlan;
  people: PeoplePlan;
  roles: { remember: RoleRow[]; forget: string[] };
  guardianships: GuardianshipPlan;
  terms: TermPlan;
  courses: CoursePlan;
  sections: SectionPlan;
  teachers: TeacherPlan;
  enrollments: EnrollmentPlan;
  classSessions: ClassSessionWork;
  /** Of each academic session whose row says its holidays. */
  holidays: SessionHolidays[];
  /** Enrollments that are new or whose section meets at other times: whether they overlap is to be reported. */
  mayOverlap: OfficeEnrollment[];
  /** Line of each row of enrollments.csv and users.csv by sourcedId. */
  lines: { enrollments: ReadonlyMap<string, number>; users: ReadonlyMap<string, number> };
};

type Input = {
  roster: Roster;
  school: { sourcedId: string; name: string; line: number };
  options: { now: Date; marks: ClassMarks; timeZone?: string | null; targetSchoolId?: string | null; moved?: Moved };
  problems: Problems;
};

/** How often `planImport` says that it is further. */
const STEPS = 7;

/**
 * Compares the roster with what is stored, reports what cannot be, and takes the locks of everything that will change:
 * sections, then class sessions that a teacher may be marking. Writes nothing.
 */
export async function planImport(tx: Tx, { roster, school: org, options, problems }: Input): Promise<ImportPlan> {
  const { now } = options;
  const compared = stepsOf(options.moved, "COMPARE", STEPS);
  const { timeZone = null, targetSchoolId = null } = options;
  const school = await planSchool(tx, { ...org, timeZone, targetSchoolId, now });
  if (!school) {
    problems.error({ file: "orgs.csv", line: org.line, column: "sourcedId", code: "otherSchool" });
    problems.stopIfAny();
    throw new RosterRefused(problems);
  }
  const schoolId = school.id;

  const oldTerms = await storedTerms(tx, schoolId);
  const severalTerms = [...roster.classes.values()].filter((row) => row.termSourcedIds.length > 1);
  const heldBefore = await storedTermsOf(
    tx,
    schoolId,
    severalTerms.map((row) => row.sourcedId),
  );
  const heldIn = resolveHeldIn(roster, oldTerms, heldBefore);
  const terms = planTerms(resolveTerms(roster, oldTerms, heldIn), oldTerms, now);
  const courses = await planCourses(tx, {
    schoolId,
    courses: resolveCourses(roster),
    referenced: [...roster.classes.values()].map((row) => row.courseSourcedId),
    now,
  });
  compared();
  const sections = planSections({
    sections: resolveSections(roster, { terms, courses, heldIn }, problems),
    stored: await storedSections(tx, {
      schoolId,
      sourcedIds: [...roster.classes.keys(), ...[...roster.enrollments.values()].map((row) => row.classSourcedId)],
      ofTerms: school.zoneChanged ? "all" : [...terms.moved, ...terms.end],
    }),
    movedTerms: terms.moved,
    endedTerms: new Set(terms.end),
    byDate: termsByDate(terms),
    zoneChanged: school.zoneChanged,
    now,
  });

  compared();
  const { people, roles, guardianships, absent } = await planEverybody(tx, { roster, schoolId, now, problems });
  compared();
  const resolved = resolveEnrollments(
    roster,
    { userIds: people.idOf, sections: sections.known, absentUsers: absent, today: localDateOf(now, school.timeZone) },
    problems,
  );
  // References are broken: there is nothing sensible to lock or compare any more.
  problems.stopIfAny();
  const teachers = await planTeachers(tx, { schoolId, ...resolved.teachers });
  compared();

  const newSections = new Set(sections.create.map((section) => section.id));
  const { students: rows, ended, released } = resolved;
  const office = { schoolId, rows, ended, released, gone: people.gone, timeZone: school.timeZone, now };
  const newPeople = new Set(people.create.map(({ id }) => id));
  const { sections: locked, students } = await entitiesToLock(tx, { ...office, newSections, newPeople });
  for (const section of sections.update) locked.add(section.id);
  for (const { section, isNew } of sections.replan) if (!isNew) locked.add(section.id);
  await lockEntities(tx, "section", [...locked]);
  compared();
  const classSessions = await planClassSessionWork(tx, {
    replan: sections.replan,
    terms: new Map([...terms.terms.values()].map((term) => [term.id, term])),
    timeZone: school.timeZone,
    now,
    marks: options.marks,
  });
  compared();
  await lockEntities(tx, "classSession", classSessions.contested);
  await lockEntities(tx, "student", [...students]);
  const enrollments = await planEnrollments(tx, office);
  compared();
  const created = new Set(enrollments.create.map((row) => row.sourcedId));
  const otherTimes = new Set(sections.replan.map(({ section }) => section.id));
  return {
    version: roster.version,
    school,
    people,
    roles,
    guardianships,
    terms,
    courses,
    sections,
    teachers,
    enrollments,
    classSessions,
    holidays: [...roster.sessions.values()].flatMap(({ sourcedId, holidays }) =>
      holidays === undefined ? [] : [{ sourcedId, holidays }],
    ),
    mayOverlap: rows.filter((row) => created.has(row.sourcedId) || otherTimes.has(row.sectionId)),
    lines: { enrollments: linesOf(roster.enrollments), users: linesOf(roster.users) },
  };
}

function linesOf(rows: ReadonlyMap<string, { line: number }>): Map<string, number> {
  return new Map([...rows].map(([sourcedId, row]) => [sourcedId, row.line]));
}

async function planEverybody(
  tx: Tx,
  { roster, schoolId, now, problems }: { roster: Roster; schoolId: string; now: Date; problems: Problems },
) {
  const rows = [...roster.users.values()];
  const users = [...roster.users.keys(), ...[...roster.roles.values()].map((row) => row.userSourcedId)];
  const earlier =
    roster.version === "1.2" ? await storedRoleRows(tx, { schoolId, sourcedIds: [...roster.roles.keys()], users }) : [];
  const named = new Set([
    ...users,
    ...earlier.flatMap((row) => row.user ?? []),
    ...rows.flatMap((row) => row.agents),
    ...[...roster.enrollments.values()].map((row) => row.userSourcedId),
  ]);
  const emails = rows.filter((row) => !row.ended && row.email !== "");
  const stored = await storedPeople(tx, schoolId, [...named], emails);
  const roles = resolveRoles(roster, stored, earlier);
  const acting = [...roster.users.keys(), ...roles.named].flatMap((sourcedId) => stored.get(sourcedId)?.id ?? []);
  const keeps = {
    teaching: await teachingAmong(tx, schoolId, acting),
    enrolled: await enrolledAmong(tx, schoolId, acting),
  };
  const { people, leftOut } = resolvePeople(roster, stored, { keeps, roles }, problems);
  const links = resolveLinks(roster, people, stored, leftOut, problems);
  const plan = await planPeople(tx, { schoolId, people, stored, now });
  for (const { sourcedId, where } of plan.emailTaken) {
    const line = roster.users.get(sourcedId)?.line;
    const code = where === "thisSchool" ? "emailTakenHere" : "emailTakenElsewhere";
    problems.error({ file: "users.csv", ...(line === undefined ? {} : { line }), column: "email", code });
  }
  const idOf = (sourcedId: string) => plan.idOf.get(sourcedId);
  const guardianships = await planGuardianships(tx, {
    links: links.flatMap(({ guardian, student }) => {
      const [guardianId, studentId] = [idOf(guardian), idOf(student)];
      return guardianId && studentId ? [{ guardianId, studentId }] : [];
    }),
    inRoster: new Set(
      rows.flatMap((row) => (row.ended || leftOut.has(row.sourcedId) ? [] : (idOf(row.sourcedId) ?? []))),
    ),
    endedPeople: plan.end,
  });
  const remember = roles.remember.flatMap(({ sourcedId, user, role }) => {
    const userId = idOf(user);
    return userId ? [{ sourcedId, userId, role }] : [];
  });
  return {
    people: plan,
    roles: { remember, forget: roles.forget },
    guardianships,
    absent: new Set([...leftOut, ...deletedPeople(roster, stored)]),
  };
}

function* deletedPeople(roster: Roster, stored: ReadonlyMap<string, StoredPerson>): Generator<string> {
  for (const row of roster.users.values()) if (row.ended) yield row.sourcedId;
  for (const { sourcedId, ended } of stored.values()) if (ended && !roster.users.has(sourcedId)) yield sourcedId;
}
