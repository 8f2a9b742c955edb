import type { SectionDto, SectionListQuery } from "@/lib/catalog/schema";
import { readSearch, respell, type Respelling } from "@/lib/catalog/sections/search-words";
import { searchVocabulary } from "@/lib/catalog/sections/section-search";
import {
  countSections,
  filterChoices,
  findSections,
  type SectionFilter,
  type SectionPosition,
  type SectionRecord,
} from "@/lib/catalog/sections/sections";
import { schoolOfActor } from "@/lib/identity/people/school-of-actor";
import { type Db, db } from "@/lib/platform/db/client";
import { hasRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { localDateOf, minuteOf } from "@/lib/shared/time";
import { decodeCursor, encodeCursor } from "@/lib/shared/schema";
import { currentEnrollments } from "@/lib/enrollment/registration/own-enrollments";
import { planWeek } from "./plan-week";
import type { OwnEnrollment } from "@/lib/enrollment/registration/rules";
import type { PlanWeek, SectionView } from "./schema";
import { sectionFor, viewFor } from "./section-views";
import { say } from "@/lib/shared/say";

/** Filters of the page that can be left out one by one. */
const REMOVABLE = ["q", "subject", "termId", "day", "from", "to", "availability", "fitsMySchedule"] as const;
export type RemovableFilter = (typeof REMOVABLE)[number];

/**
 * Sections of the caller's school whose term has not ended, by course and code. Two statements: the caller's own
 * enrollments once, then the page of sections; two more when a search finds nothing and is read as the words nearest to
 * it. Errors: `invalid_request` for a cursor that is not ours.
 */
export async function listSections(
  ctx: Context,
  query: SectionListQuery,
  client: Db = db(),
): Promise<{ items: SectionDto[]; nextCursor: string | null }> {
  const own = await ownOf(ctx, client);
  const { rows, nextCursor } = await search(ctx, query, filterOf(query, own, []), client);
  return { items: rows.map((row) => sectionFor(ctx, row, own)), nextCursor };
}

export type SectionBrowser = {
  views: SectionView[];
  nextCursor: string | null;
  total: number;
  /** Words that occur nowhere and what they were taken for; null when the list is what was asked for. */
  respelled: Respelling["changes"] | null;
  choices: { subjects: string[]; terms: { id: string; title: string }[] };
  /** When nothing is found: the filters without which something would be, and how many sections that is. */
  helps: { key: RemovableFilter; count: number }[];
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
  const scope = { schoolId: ctx.actor.schoolId, now: ctx.now };
  const [found, choices, school] = await Promise.all([
    search(ctx, query, filterOf(query, own, mine), client),
    filterChoices(client, scope),
    schoolOfActor(ctx, client),
  ]);
  const { rows, nextCursor, total, respelled } = found;
  const asked = REMOVABLE.filter((key) => (key === "availability" ? query[key] === "open" : query[key] !== undefined));
  const without = asked.map((key) =>
    filterOf({ ...query, [key]: key === "availability" ? "all" : undefined }, own, mine),
  );
  const counts = total > 0 ? [] : await countSections(client, scope, without);
  return {
    views: rows.map((row) => viewFor(ctx, row, own)),
    nextCursor,
    total,
    respelled,
    choices,
    helps: asked.flatMap((key, n) => ((counts[n] ?? 0) > 0 ? [{ key, count: counts[n] ?? 0 }] : [])),
    week: planWeek(own, rows, localDateOf(ctx.now, school.timeZone)),
  };
}

async function ownOf(ctx: Context, client: Db): Promise<OwnEnrollment[]> {
  return hasRole(ctx, "STUDENT") ? currentEnrollments(client, ctx.actor, ctx) : [];
}

function filterOf(query: SectionListQuery, own: readonly OwnEnrollment[], keepIds: readonly string[]): SectionFilter {
  const busy = own.filter((other) => other.status === "ENROLLED" && other.sectionState === "ACTIVE");
  return {
    words: readSearch(query.q ?? ""),
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

type Found = {
  rows: SectionRecord[];
  nextCursor: string | null;
  total: number;
  respelled: Respelling["changes"] | null;
};

/**
 * A page of what the filter finds. Words that occur nowhere in the school are read as those nearest to them: whether they
 * do does not depend on the page, so that a cursor goes on in the same list.
 */
async function search(ctx: Context, query: SectionListQuery, filter: SectionFilter, client: Db): Promise<Found> {
  const found = await page(ctx, query, filter, client);
  if (found.rows.length > 0 || !filter.words?.length) return { ...found, respelled: null };
  const meant = respell(filter.words, await searchVocabulary(client, ctx.actor.schoolId));
  if (meant === null) return { ...found, respelled: null };
  return { ...(await page(ctx, query, { ...filter, words: meant.words }, client)), respelled: meant.changes };
}

async function page(
  ctx: Context,
  query: SectionListQuery,
  filter: SectionFilter,
  client: Db,
): Promise<Omit<Found, "respelled">> {
  const after = query.cursor === undefined ? undefined : positionOf(query.cursor);
  const scope = { schoolId: ctx.actor.schoolId, now: ctx.now };
  const found = await findSections(client, scope, filter, { limit: query.limit + 1, after });
  const rows = found.rows.slice(0, query.limit);
  const last = rows.at(-1);
  const nextCursor =
    found.rows.length > rows.length && last ? encodeCursor([last.courseCode, last.courseId, last.code, last.id]) : null;
  return { rows, nextCursor, total: found.total };
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
      detail: say("detail.nextCursor"),
      errors: [{ path: "query.cursor", code: "invalid_cursor", message: say("field.nextCursor") }],
    });
  }
  return [courseCode, courseId, code, id];
}
