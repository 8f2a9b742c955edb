import { planSections, storedSections, type SectionPlan } from "@/lib/catalog/import-sections";
import { planClassSessionWork, type ClassSessionWork } from "@/lib/catalog/class-session-plan-store";
import { planTeachers, teachingAmong, type TeacherPlan } from "@/lib/catalog/import-teachers";
import {
  planCourses,
  planTerms,
  storedTerms,
  type CoursePlan,
  type TermPlan,
} from "@/lib/catalog/import-terms-and-courses";
import {
  enrolledAmong,
  planEnrollments,
  sectionsToLock,
  type EnrollmentPlan,
} from "@/lib/enrollment/import-enrollments";
import { planGuardianships, type GuardianshipPlan } from "@/lib/identity/import-guardianships";
import { planPeople, storedPeople, type PeoplePlan } from "@/lib/identity/import-people";
import { planSchool, type SchoolPlan } from "@/lib/identity/import-school";
import type { Tx } from "@/lib/platform/db";
import { lockEntities } from "@/lib/platform/locks";
import type { Problems } from "./problems";
import { resolveCourses, resolveSections, resolveTerms } from "./resolve-catalog";
import { resolveEnrollments } from "./resolve-enrollments";
import { resolveLinks, resolvePeople } from "./resolve-people";
import type { Roster } from "./rows";

/** Everything that an import will write. */
export type ImportPlan = {
  version: Roster["version"];
  school: SchoolPlan;
  people: PeoplePlan;
  guardianships: GuardianshipPlan;
  terms: TermPlan;
  courses: CoursePlan;
  sections: SectionPlan;
  teachers: TeacherPlan;
  enrollments: EnrollmentPlan;
  classSessions: ClassSessionWork;
  /** Line of each row of enrollments.csv by sourcedId. */
  enrollmentLines: ReadonlyMap<string, number>;
};

type Input = {
  roster: Roster;
  school: { sourcedId: string; name: string };
  options: { now: Date; timeZone?: string | null };
  problems: Problems;
};

/**
 * Compares the roster with what is stored, reports what cannot be, and takes the locks of everything that will change:
 * sections, then class sessions that a teacher may be marking. Writes nothing.
 */
export async function planImport(tx: Tx, { roster, school: org, options, problems }: Input): Promise<ImportPlan> {
  const { now } = options;
  const school = await planSchool(tx, { ...org, timeZone: options.timeZone ?? null, now });
  const schoolId = school.id;

  const oldTerms = await storedTerms(tx, schoolId, now);
  const terms = planTerms(resolveTerms(roster, oldTerms), oldTerms, now);
  const courses = await planCourses(tx, {
    schoolId,
    courses: resolveCourses(roster),
    referenced: [...roster.classes.values()].map((row) => row.courseSourcedId),
    now,
  });
  const sections = planSections({
    sections: resolveSections(roster, { terms, courses }, problems),
    stored: await storedSections(tx, {
      schoolId,
      sourcedIds: [...roster.classes.keys(), ...[...roster.enrollments.values()].map((row) => row.classSourcedId)],
      ofTerms: school.zoneChanged ? "all" : [...terms.moved, ...terms.end],
    }),
    movedTerms: terms.moved,
    endedTerms: new Set(terms.end),
    zoneChanged: school.zoneChanged,
    now,
  });

  const { people, guardianships, leftOut } = await planEverybody(tx, { roster, schoolId, now, problems });
  const resolved = resolveEnrollments(
    roster,
    { userIds: people.idOf, sections: sections.known, leftOutUsers: leftOut },
    problems,
  );
  // References are broken: there is nothing sensible to lock or compare any more.
  problems.stopIfAny();
  const teachers = await planTeachers(tx, { wanted: resolved.teachers, ended: resolved.endedTeachers });

  const newSections = new Set(sections.create.map((section) => section.id));
  const office = { schoolId, rows: resolved.students, ended: resolved.ended, now };
  const locked = await sectionsToLock(tx, { ...office, newSections });
  for (const section of sections.update) locked.add(section.id);
  for (const { section, isNew } of sections.replan) if (!isNew) locked.add(section.id);
  await lockEntities(tx, "section", [...locked]);
  const enrollments = await planEnrollments(tx, office);
  const classSessions = await planClassSessionWork(tx, {
    replan: sections.replan,
    terms: new Map([...terms.terms.values()].map((term) => [term.id, term])),
    timeZone: school.timeZone,
    now,
  });
  await lockEntities(tx, "classSession", classSessions.contested);
  return {
    version: roster.version,
    school,
    people,
    guardianships,
    terms,
    courses,
    sections,
    teachers,
    enrollments,
    classSessions,
    enrollmentLines: new Map([...roster.enrollments.values()].map((row) => [row.sourcedId, row.line])),
  };
}

async function planEverybody(
  tx: Tx,
  { roster, schoolId, now, problems }: { roster: Roster; schoolId: string; now: Date; problems: Problems },
) {
  const rows = [...roster.users.values()];
  const named = new Set([
    ...roster.users.keys(),
    ...rows.flatMap((row) => row.agents),
    ...[...roster.enrollments.values()].map((row) => row.userSourcedId),
  ]);
  const stored = await storedPeople(tx, schoolId, [...named]);
  const inFile = rows.flatMap((row) => stored.get(row.sourcedId)?.id ?? []);
  const keeps = { teaching: await teachingAmong(tx, inFile), enrolled: await enrolledAmong(tx, inFile) };
  const { people, leftOut } = resolvePeople(roster, stored, keeps, problems);
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
    inRoster: new Set(people.flatMap((person) => (person.ended ? [] : (idOf(person.sourcedId) ?? [])))),
    endedPeople: plan.end,
  });
  return { people: plan, guardianships, leftOut };
}
