import { Prisma } from "@/lib/platform/db/client";

/** From when until when an enrollment counts, half-open. Null: from the start; without an end. */
export type CountingTime = { countsFrom: Date | null; countsUntil: Date | null };
/** When something takes place, half-open. */
export type Span = { startsAt: Date; endsAt: Date };

/**
 * Whether a class has the student on its roster: the enrollment counted at some moment while the class ran. The one rule of
 * membership; {@link countsDuringSql} is the same in SQL.
 */
export function countsDuring({ countsFrom, countsUntil }: CountingTime, { startsAt, endsAt }: Span): boolean {
  const hasBegun = countsFrom === null || countsFrom < endsAt;
  const hasNotEnded = countsUntil === null || countsUntil > startsAt;
  const isEmpty = countsFrom !== null && countsUntil !== null && countsUntil <= countsFrom;
  return hasBegun && hasNotEnded && !isEmpty;
}

/**
 * The rule as a condition on the table `enrollment` under the name `e`, whatever the row's status is by now: what has ended
 * counted while it lasted, and what the office plans will count. Only a place on a waitlist never counts.
 */
export function countsDuringSql(startsAt: Prisma.Sql, endsAt: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(e.status <> 'WAITLISTED' AND (e.counts_from IS NULL OR e.counts_from < ${endsAt})
    AND (e.counts_until IS NULL OR e.counts_until > ${startsAt})
    AND (e.counts_from IS NULL OR e.counts_until IS NULL OR e.counts_from < e.counts_until))`;
}
