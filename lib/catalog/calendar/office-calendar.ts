import { schoolOf } from "@/lib/identity/people/people";
import { db, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { DAY_OFF_NOTICE_DAYS } from "@/lib/shared/events";
import { dateText, localDateOf } from "@/lib/shared/time";
import type { DayOff } from "../schema";
import { daysOffBetween } from "./days-off";
import { schoolYears } from "./school-years";

/** A day off with how many classes it cancels. */
export type OfficeDayOff = DayOff & { classes: number };
export type OfficeCalendar = {
  today: string;
  /** The last date that is news to people: what begins later notifies nobody. */
  noticeUntil: string;
  daysOff: OfficeDayOff[];
};

/** The days off from the running term on, each with the classes that it cancels. For the office. */
export async function officeCalendar(ctx: Context, client: Db = db()): Promise<OfficeCalendar> {
  requireRole(ctx, "ADMIN");
  const { schoolId } = ctx.actor;
  const today = localDateOf(ctx.now, (await schoolOf(client, schoolId)).timeZone);
  const days = await daysOffBetween(client, schoolId, await schoolYears(client, schoolId, today));
  const counts = await client.classSession.groupBy({
    by: ["dayOffId"],
    where: { dayOffId: { in: days.map(({ id }) => id) } },
    _count: { _all: true },
  });
  const classesOf = new Map(counts.map((row) => [row.dayOffId, row._count._all]));
  return {
    today,
    noticeUntil: dateText(new Date(Date.parse(`${today}T00:00:00Z`) + DAY_OFF_NOTICE_DAYS * 86_400_000)),
    daysOff: days.map((day) => ({ ...day, classes: classesOf.get(day.id) ?? 0 })),
  };
}
