import { Prisma, type Tx } from "@/lib/platform/db/client";
import type { ClassMarks } from "../class-sessions/class-marks";

/** How many classes a day off cancelled, and how many stay because they have marks. */
export type Settled = { cancelled: number; kept: number };

/**
 * Cancels the class sessions that stand on a day off and do not know it yet: all of a school, or those of some sections or
 * days off. What was held is history and stays. The rows are locked first, so that marks which are being saved at this
 * moment are known when it is asked what was held (`writeSheet` in lib/attendance waits for the same rows, and finds the
 * class cancelled when it was second). Row locks, because advisory ones for the classes of a summer would not fit into the
 * server's table of locks.
 */
export async function cancelOnDaysOff(
  tx: Tx,
  schoolId: string,
  scope: { sectionIds?: readonly string[]; dayOffIds?: readonly string[] },
  marks: ClassMarks,
): Promise<Settled> {
  const { sectionIds, dayOffIds } = scope;
  if (sectionIds?.length === 0 || dayOffIds?.length === 0) return { cancelled: 0, kept: 0 };
  const locked = await tx.$queryRaw<{ id: string; scheduled: boolean }[]>`
    SELECT c.id, c.state = 'SCHEDULED' AS scheduled FROM class_session c
    WHERE c.school_id = ${schoolId} AND c.day_off_id IS NULL AND (c.state = 'SCHEDULED' OR c.cancelled_at IS NOT NULL)
      AND ${sectionIds ? Prisma.sql`c.section_id = ANY(${[...sectionIds]}::text[])` : Prisma.sql`TRUE`}
      AND EXISTS (SELECT 1 FROM school_day_off d WHERE d.school_id = c.school_id
        AND c.date BETWEEN d.starts_on AND d.ends_on
        AND ${dayOffIds ? Prisma.sql`d.id = ANY(${[...dayOffIds]}::text[])` : Prisma.sql`TRUE`})
    ORDER BY c.id FOR UPDATE OF c`;
  if (locked.length === 0) return { cancelled: 0, kept: 0 };
  const held = await marks.heldAmong(
    tx,
    locked.map(({ id }) => id),
  );
  const free = locked.filter(({ id }) => !held.has(id)).map(({ id }) => id);
  const scheduled = new Set(locked.filter((row) => row.scheduled).map(({ id }) => id));
  const done = await tx.$queryRaw<{ id: string }[]>`
    UPDATE class_session c SET state = 'CANCELLED', day_off_id = (
      SELECT d.id FROM school_day_off d
      WHERE d.school_id = c.school_id AND c.date BETWEEN d.starts_on AND d.ends_on
      ORDER BY d.starts_on, d.id LIMIT 1)
    WHERE c.id = ANY(${free}::text[])
    RETURNING c.id`;
  const cancelled = done.filter(({ id }) => scheduled.has(id)).length;
  return { cancelled, kept: locked.length - done.length };
}

/**
 * Frees the class sessions of days off that end or move: those that another day off covers, that somebody cancelled, or
 * whose section is cancelled, stay cancelled; all others take place again. Call it before the row goes or moves, with the
 * ids of the days off; those named cover nothing. Returns how many take place again.
 */
export async function freeFromDaysOff(tx: Tx, dayOffIds: readonly string[]): Promise<number> {
  if (dayOffIds.length === 0) return 0;
  const rows = await tx.$queryRaw<{ held: boolean }[]>`
    UPDATE class_session c
    SET day_off_id = x.other,
        state = CASE WHEN x.other IS NULL AND c.cancelled_at IS NULL AND x.active THEN 'SCHEDULED'::"ClassSessionState"
                     ELSE 'CANCELLED' END
    FROM (
      SELECT k.id, s.state = 'ACTIVE' AS active, (
        SELECT d.id FROM school_day_off d
        WHERE d.school_id = k.school_id AND k.date BETWEEN d.starts_on AND d.ends_on
          AND NOT (d.id = ANY(${[...dayOffIds]}::text[]))
        ORDER BY d.starts_on, d.id LIMIT 1) AS other
      FROM class_session k JOIN section s ON s.id = k.section_id
      WHERE k.day_off_id = ANY(${[...dayOffIds]}::text[])
    ) x
    WHERE c.id = x.id
    RETURNING c.state = 'SCHEDULED' AS held`;
  return rows.filter(({ held }) => held).length;
}
