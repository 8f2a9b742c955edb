import { classSessionsOfSchool } from "@/lib/catalog/class-sessions/queries";
import { schoolDayOn } from "@/lib/catalog/calendar/school-day";
import { schoolOfActor } from "@/lib/identity/people/school-of-actor";
import { db, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { fold } from "@/lib/shared/fold";
import { dateFromText, dateText, localDateOf } from "@/lib/shared/time";
import { changeableClassSession } from "./access";
import { changedClassDto, peopleOf, reachOf } from "./change";
import type { ClassChange } from "./schema";
import { wasHeld } from "./was-held";

export type ClassChangeView = {
  classSession: ClassChange["classSession"];
  /** Why nothing of it may change; null: it may. */
  lock: "FINALIZED" | "MARKED" | "SECTION_CANCELLED" | null;
  isOver: boolean;
  /** Who is notified of a change. */
  reach: ClassChange["notified"];
};

/** One class as the page shows it that cancels and moves; same access as the change. */
export async function classChangeView(ctx: Context, id: string, client: Db = db()): Promise<ClassChangeView> {
  const session = await changeableClassSession(ctx, client, id);
  const { schoolId } = ctx.actor;
  const [{ timeZone }, held, people] = await Promise.all([
    schoolOfActor(ctx, client),
    wasHeld(client, session.id),
    peopleOf(client, { ...session, schoolId, sectionId: session.section.id }),
  ]);
  return {
    classSession: changedClassDto(session, timeZone, ctx.now),
    lock: session.isSectionCancelled ? "SECTION_CANCELLED" : held,
    isOver: session.endsAt <= ctx.now,
    reach: await reachOf(client, ctx.actor, people),
  };
}

/** The most classes of a day that a page lists. */
export const DAY_LIMIT = 100;

export type OfficeDay = {
  date: string;
  previous: string;
  next: string;
  dayOff: string | null;
  classes: (ClassChange["classSession"] & { isOver: boolean })[];
  hasMore: boolean;
};

/** The classes of a local date (today's when it is none) for the office, all or those whose section matches `query`. */
export async function officeDay(
  ctx: Context,
  input: { date: string; query: string },
  client: Db = db(),
): Promise<OfficeDay> {
  requireRole(ctx, "ADMIN");
  const { schoolId } = ctx.actor;
  const { timeZone } = await schoolOfActor(ctx, client);
  const day = dateFromText(input.date) ?? dateFromText(localDateOf(ctx.now, timeZone)) ?? ctx.now;
  const date = dateText(day);
  const beside = (days: number) => dateText(new Date(day.getTime() + days * 86_400_000));
  const [{ dayOff }, found] = await Promise.all([
    schoolDayOn(client, schoolId, date),
    classSessionsOfSchool(client, schoolId, date, { words: fold(input.query), limit: DAY_LIMIT + 1 }),
  ]);
  return {
    date,
    previous: beside(-1),
    next: beside(1),
    dayOff,
    classes: found.slice(0, DAY_LIMIT).map((session) => ({
      ...changedClassDto(session, timeZone, ctx.now),
      isOver: session.endsAt <= ctx.now,
    })),
    hasMore: found.length > DAY_LIMIT,
  };
}
