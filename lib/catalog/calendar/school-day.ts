import type { Db, Tx } from "@/lib/platform/db/client";
import { dateText } from "@/lib/shared/time";

/** What a school's calendar says of one local date. */
export type SchoolDay = {
  /** What the date is called when it is free of school, else null. */
  dayOff: string | null;
  /** The term that holds it (the one that began last, when terms overlap), or null. */
  term: { startsOn: string; endsOn: string } | null;
};

/** What the calendar says of a local date (`YYYY-MM-DD`): one statement. */
export async function schoolDayOn(client: Db | Tx, schoolId: string, date: string): Promise<SchoolDay> {
  const [row] = await client.$queryRaw<{ dayOff: string | null; startsOn: Date | null; endsOn: Date | null }[]>`
    SELECT f.title AS "dayOff", t.starts_on AS "startsOn", t.ends_on AS "endsOn"
    FROM (SELECT ${date}::date AS date) day
    LEFT JOIN LATERAL (
      SELECT title FROM school_day_off WHERE school_id = ${schoolId} AND day.date BETWEEN starts_on AND ends_on
      ORDER BY starts_on, ends_on, id LIMIT 1
    ) f ON true
    LEFT JOIN LATERAL (
      SELECT starts_on, ends_on FROM term WHERE school_id = ${schoolId} AND day.date BETWEEN starts_on AND ends_on
      ORDER BY starts_on DESC, id LIMIT 1
    ) t ON true`;
  const { dayOff = null, startsOn = null, endsOn = null } = row ?? {};
  return { dayOff, term: startsOn && endsOn && { startsOn: dateText(startsOn), endsOn: dateText(endsOn) } };
}
