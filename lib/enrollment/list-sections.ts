import type { SectionDto, SectionListQuery } from "@/lib/catalog/schema";
import {
  countSections,
  filterChoices,
  findSections,
  type SectionFilter,
  type SectionPosition,
  type SectionRecord,
} from "@/lib/catalog/sections";
import { schoolOf } from "@/lib/identity/people";
import { type Db, db } from "@/lib/platform/db";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { localDateOf, minuteOf } from "@/lib/shared/time";
import { decodeCursor, encodeCursor } from "@/lib/shared/schema";
import { isStudent } from "./access";
import { liveEnrollments } from "./own-enrollments";
import { planWeek } from "./plan-week";
import type { OwnEnrollment } from "./rules";
import type { PlanWeek, SectionView } from "./schema";
import { sectionFor, viewFor } from "./section-views";

const MAX_WORDS = 6;

/**
 * Sections of the caller's school whose term has not ended, by course and code. Two statements: the caller's own
 * enrollments once, then the page of sections. Errors: `invalid_request` for a cursor that is not ours.
 */
export async function listSections(
  ctx: Context,
  query: SectionListQuery,
  client: Db = db(),
): Promise<{ items: SectionDto[]; nextCursor: string | null }> {
  const own = await ownOf(ctx, client);
  const { rows, nextCursor } = await page(ctx, query, filterOf(query, own, []), client);
  return { items: rows.map((row) => sectionFor(ctx, row, own)), nextCursor };
}

export type SectionBrowser = {
  views: SectionView[];
  nextCursor: string | null;
  total: number;
  choices: { subjects: string[]; terms: { id: string; title: string }[] };
  week: PlanWeek;
};

/**
 * What the section page shows: the list with names of conflicts, the number of all results, and what can be filtered
 * by. The person's own sections stay listed when they are full, so that a row does not vanish under its owner.
 */
export async function browseSections(
  ctx: Context,
  query: SectionListQuery,
  client: Db = db(),
): Promise<SectionBrowser> {
  const own = await ownOf(ctx, client);
  const mine = own.map((enrollment) => enrollment.sectionId);
  const filter = filterOf(query, own, mine);
  const scope = { schoolId: ctx.actor.schoolId, now: ctx.now };
  const [{ rows, nextCursor }, total, choices, school] = await Promise.all([
    page(ctx, query, filter, client),
    countSections(client, scope, filter),
    filterChoices(client, scope),
    schoolOf(client, scope.schoolId),
  ]);
  const week = planWeek(own, rows, localDateOf(ctx.now, school.timeZone));
  return { views: rows.map((row) => viewFor(ctx, row, own)), nextCursor, total, choices, week };
}

async function ownOf(ctx: Context, client: Db): Promise<OwnEnrollment[]> {
  if (!isStudent(ctx)) return [];
  return (await liveEnrollments(client, [ctx.actor.userId])).get(ctx.actor.userId) ?? [];
}

function filterOf(query: SectionListQuery, own: readonly OwnEnrollment[], keepIds: readonly string[]): SectionFilter {
  const busy = own.filter((other) => other.status === "ENROLLED" && other.sectionState === "ACTIVE");
  return {
    words: (query.q ?? "")
      .split(/\s+/)
      .filter((word) => word !== "")
      .slice(0, MAX_WORDS),
    subject: query.subject,
    termId: query.termId,
    day: query.day,
    fromMinute: minuteIn(query.from),
    toMinute: minuteIn(query.to),
    freeSeatsOnly: query.availability === "open",
    keepIds,
    fitsWith: query.fitsMySchedule === true ? busy : undefined,
  };
}

function minuteIn(clock: string | undefined): number | undefined {
  return clock === undefined ? undefined : (minuteOf(clock) ?? undefined);
}

async function page(
  ctx: Context,
  query: SectionListQuery,
  filter: SectionFilter,
  client: Db,
): Promise<{ rows: SectionRecord[]; nextCursor: string | null }> {
  const after = query.cursor === undefined ? undefined : positionOf(query.cursor);
  const scope = { schoolId: ctx.actor.schoolId, now: ctx.now };
  const found = await findSections(client, scope, filter, { limit: query.limit + 1, after });
  const rows = found.slice(0, query.limit);
  const last = rows.at(-1);
  const nextCursor =
    found.length > rows.length && last ? encodeCursor([last.courseCode, last.courseId, last.code, last.id]) : null;
  return { rows, nextCursor };
}

function positionOf(cursor: string): SectionPosition {
  const [courseCode, courseId, code, id] = decodeCursor(cursor, 4) ?? [];
  if (
    typeof courseCode !== "string" ||
    typeof courseId !== "string" ||
    typeof code !== "string" ||
    typeof id !== "string"
  ) {
    throw new AppError("invalid_request", {
      detail: "Use a nextCursor of this list, or leave the cursor out to start again.",
      errors: [{ path: "query.cursor", code: "invalid_cursor", message: "Use the nextCursor of the page before" }],
    });
  }
  return [courseCode, courseId, code, id];
}
