import type { SchoolInfo } from "@/lib/identity/people/people";
import { Prisma } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";

/** What an installation waits where neither its school nor its configuration says anything. */
const USUAL_SECONDS = 60;

/** Seconds between finishing a class and alerting guardians, where the school sets none: 0 with the demo school. */
export function defaultGraceSeconds(): number {
  const { CAMPUS_ALERT_GRACE_SECONDS, CAMPUS_DEMO } = env();
  return CAMPUS_ALERT_GRACE_SECONDS ?? (CAMPUS_DEMO ? 0 : USUAL_SECONDS);
}

/** The grace of a school in seconds; 0: alerts are published by the save that finishes the class. */
export function graceSecondsOf(school: Pick<SchoolInfo, "alertGraceSeconds">): number {
  return school.alertGraceSeconds ?? defaultGraceSeconds();
}

/**
 * The condition that a sheet (`alias`) counts for students and guardians: it is final and its grace is over. Before that
 * nobody but its teachers may see what stands on it as final. It asks for the clock, not for the publication: what a page
 * says must not depend on a worker.
 */
export function announcedSheet(alias: "s" | "sh", now: Date): Prisma.Sql {
  const sheet = Prisma.raw(alias);
  return Prisma.sql`(${sheet}.finalized_at IS NOT NULL AND (${sheet}.alerts_at IS NULL OR ${sheet}.alerts_at <= ${now}))`;
}
