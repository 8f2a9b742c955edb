import { applyRosterHolidays } from "@/lib/catalog/calendar/holidays/import-roster-holidays";
import type { ClassMarks } from "@/lib/catalog/class-sessions/class-marks";
import { applyClassSessionWork } from "@/lib/catalog/class-sessions/plan-store";
import { applySections } from "@/lib/catalog/import/import-sections-write";
import { applyTeachers } from "@/lib/catalog/import/import-teachers";
import { applyTermsAndCourses } from "@/lib/catalog/import/import-terms-and-courses";
import { applyEnrollments, followSections, type EnrollmentPlan } from "@/lib/enrollment/import/import-enrollments";
import { recountSeats } from "@/lib/enrollment/import/recount-seats";
import { officeOverlaps } from "@/lib/enrollment/import/office-overlaps";
import { applyGuardianships } from "@/lib/identity/import/import-guardianships";
import { applyPeople } from "@/lib/identity/import/import-people";
import { applyRoleRows } from "@/lib/identity/import/import-roles";
import { applySchool } from "@/lib/identity/import/import-school";
import type { ImportTally } from "@/lib/identity/import/import-tally";
import type { Tx } from "@/lib/platform/db/client";
import type { ImportPlan } from "./plan-import";
import { type Moved, stepsOf } from "./progress";
import type { ProblemCode, Problems } from "../problems";
import type { RosterReport } from "./report";

const LEFT_CODE: Record<EnrollmentPlan["left"][number]["why"], ProblemCode> = {
  waitlistedByStudent: "waitlistedByStudent",
  droppedSince: "droppedSince",
  twice: "enrolledTwice",
};

/** Writes a plan: a constant number of statements for each few thousand rows. Returns the report. */
export async function applyImport(
  tx: Tx,
  plan: ImportPlan,
  {
    options,
    problems,
  }: {
    options: { now: Date; marks: ClassMarks; dryRun?: boolean; sharedPasswordHash?: string | null; moved?: Moved };
    problems: Problems;
  },
): Promise<RosterReport> {
  const { now, marks } = options;
  const { school } = plan;
  const schoolId = school.id;
  const sharedPasswordHash = options.sharedPasswordHash ?? null;
  const sizes = sizesOf(plan);
  const wrote = stepsOf(
    options.moved,
    "WRITE",
    Object.values(sizes).reduce((sum, size) => sum + size, 0),
  );
  await applySchool(tx, school, now);
  await applyPeople(tx, { schoolId, plan: plan.people, sharedPasswordHash, now });
  wrote(sizes.people);
  await applyRoleRows(tx, schoolId, plan.roles);
  await applyGuardianships(tx, { schoolId, plan: plan.guardianships, now });
  wrote(sizes.links);
  await applyTermsAndCourses(tx, { schoolId, terms: plan.terms, courses: plan.courses, now });
  wrote(sizes.offer);
  await applySections(tx, schoolId, plan.sections);
  await followSections(
    tx,
    plan.sections.update.map((section) => section.id),
  );
  wrote(sizes.sections);
  await applyTeachers(tx, schoolId, plan.teachers, now);
  wrote(sizes.teachers);
  const classSessions = await applyClassSessionWork(tx, schoolId, plan.classSessions, now, marks);
  await applyRosterHolidays(tx, { schoolId, sessions: plan.holidays, now }, marks);
  wrote(sizes.classSessions);
  await applyEnrollments(tx, schoolId, plan.enrollments, now);
  wrote(sizes.enrollments);
  const changed = [...plan.enrollments.sections, ...plan.sections.belowTaken.map((section) => section.id)];
  for (const { sourcedId, capacity, taken } of await recountSeats(tx, [...new Set(changed)]))
    problems.warn({
      file: "classes.csv",
      code: "overCapacity",
      values: { id: sourcedId.slice(0, 80), capacity, taken },
    });
  const { ahead, over } = plan.enrollments;
  if (ahead > 0)
    problems.warn({ file: "enrollments.csv", column: "beginDate", code: "beginLater", values: { count: ahead } });
  if (over > 0)
    problems.warn({ file: "enrollments.csv", column: "endDate", code: "haveEnded", values: { count: over } });
  for (const { sourcedId, why } of plan.enrollments.left) {
    const line = plan.lines.enrollments.get(sourcedId);
    problems.warn({ file: "enrollments.csv", ...(line === undefined ? {} : { line }), code: LEFT_CODE[why] });
  }
  for (const { sourcedId, code } of await officeOverlaps(tx, schoolId, plan.mayOverlap)) {
    const line = plan.lines.enrollments.get(sourcedId);
    const at = { file: "enrollments.csv", ...(line === undefined ? {} : { line }) };
    problems.warn({ ...at, code: "officeOverlap", values: { id: code.slice(0, 80) } });
  }
  for (const [sourcedId, line] of plan.lines.users) {
    const count = plan.enrollments.ownOfGone.get(plan.people.idOf.get(sourcedId) ?? "");
    if (count !== undefined) problems.warn({ file: "users.csv", line, code: "ownEnrollmentsStay", values: { count } });
  }
  wrote(sizes.end);
  return {
    dryRun: options.dryRun ?? false,
    version: plan.version,
    school: { id: schoolId, sourcedId: school.sourcedId, name: school.name, timeZone: school.timeZone },
    tallies: {
      terms: plan.terms.tally,
      courses: plan.courses.tally,
      sections: plan.sections.tally,
      users: plan.people.tally,
      guardianships: plan.guardianships.tally,
      teachers: plan.teachers.tally,
      enrollments: plan.enrollments.tally,
      classSessions: { ...classSessions, unchanged: plan.classSessions.unchanged },
    },
    withoutPassword: plan.people.withoutPassword,
    sharedPassword: sharedPasswordHash !== null,
    warnings: problems.warnings,
    warningCount: problems.warningCount,
    durationMs: 0,
  };
}

/** How many records each part of the writing is about; none is nothing, so that a part that only looks counts too. */
function sizesOf(plan: ImportPlan) {
  const sizeOf = (...tallies: readonly ImportTally[]) =>
    tallies.reduce((sum, { created, changed, ended }) => sum + created + changed + ended, 1);
  const { upsert, follow } = plan.classSessions;
  return {
    people: sizeOf(plan.people.tally),
    links: sizeOf(plan.guardianships.tally),
    offer: sizeOf(plan.terms.tally, plan.courses.tally),
    sections: sizeOf(plan.sections.tally),
    teachers: sizeOf(plan.teachers.tally),
    classSessions: upsert.length + follow.length + 1,
    enrollments: sizeOf(plan.enrollments.tally),
    end: 1,
  };
}
