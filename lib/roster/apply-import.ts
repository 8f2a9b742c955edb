import { applyClassSessionWork } from "@/lib/catalog/class-session-plan-store";
import { applySections, recountSeats } from "@/lib/catalog/import-sections-write";
import { applyTeachers } from "@/lib/catalog/import-teachers";
import { applyTermsAndCourses } from "@/lib/catalog/import-terms-and-courses";
import { applyEnrollments, followSections, type EnrollmentPlan } from "@/lib/enrollment/import-enrollments";
import { applyGuardianships } from "@/lib/identity/import-guardianships";
import { applyPeople } from "@/lib/identity/import-people";
import { applyRoleRows } from "@/lib/identity/import-roles";
import { applySchool } from "@/lib/identity/import-school";
import type { Tx } from "@/lib/platform/db";
import type { ImportPlan } from "./plan-import";
import type { ProblemCode, Problems } from "./problems";
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
  }: { options: { now: Date; dryRun?: boolean; sharedPasswordHash?: string | null }; problems: Problems },
): Promise<RosterReport> {
  const { now } = options;
  const { school } = plan;
  const schoolId = school.id;
  const sharedPasswordHash = options.sharedPasswordHash ?? null;
  await applySchool(tx, school, now);
  await applyPeople(tx, { schoolId, plan: plan.people, sharedPasswordHash, now });
  await applyRoleRows(tx, schoolId, plan.roles);
  await applyGuardianships(tx, { schoolId, plan: plan.guardianships, now });
  await applyTermsAndCourses(tx, { schoolId, terms: plan.terms, courses: plan.courses, now });
  await applySections(tx, schoolId, plan.sections);
  await followSections(
    tx,
    plan.sections.update.map((section) => section.id),
  );
  await applyTeachers(tx, schoolId, plan.teachers);
  const classSessions = await applyClassSessionWork(tx, schoolId, plan.classSessions, now);
  await applyEnrollments(tx, schoolId, plan.enrollments, now);
  const changed = [...plan.enrollments.sections, ...plan.sections.belowTaken.map((section) => section.id)];
  for (const { sourcedId, capacity, taken } of await recountSeats(tx, [...new Set(changed)]))
    problems.warn({
      file: "classes.csv",
      code: "overCapacity",
      values: { id: sourcedId.slice(0, 80), capacity, taken },
    });
  for (const { sourcedId, why } of plan.enrollments.left) {
    const line = plan.lines.enrollments.get(sourcedId);
    problems.warn({ file: "enrollments.csv", ...(line === undefined ? {} : { line }), code: LEFT_CODE[why] });
  }
  for (const [sourcedId, line] of plan.lines.users) {
    const count = plan.enrollments.ownOfGone.get(plan.people.idOf.get(sourcedId) ?? "");
    if (count !== undefined) problems.warn({ file: "users.csv", line, code: "ownEnrollmentsStay", values: { count } });
  }
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
