import type { Tx } from "@/lib/platform/db/client";
import { inChunks } from "@/lib/identity/import/import-tally";
import { newId } from "@/lib/shared/ids";
import { cancelOnDaysOff } from "../calendar/settle-days-off";
import type { ClassMarks } from "./class-marks";
import { instantsOf, planClassSessions } from "./plan";
import { diffClassSessions, type ClassSessionDiff, type StoredClassSession } from "./plan-diff";
import type { SectionPlan } from "../import/import-sections";

/** Marking opens an hour before a class; what starts later than this cannot be touched by a teacher meanwhile. */
const MARKABLE_MS = 2 * 3_600_000;

export type ClassSessionWork = ClassSessionDiff & {
  /** Class sessions of the near future that change: lock them, a teacher may be marking. */
  contested: string[];
};

/** Plans the class sessions of all sections that need it and compares them with what is stored. Reads only. */
export async function planClassSessionWork(
  tx: Tx,
  input: {
    replan: SectionPlan["replan"];
    terms: ReadonlyMap<string, { startsOn: string; endsOn: string }>;
    timeZone: string;
    now: Date;
    marks: ClassMarks;
  },
): Promise<ClassSessionWork> {
  const instant = instantsOf(input.timeZone);
  const known = input.replan.filter((item) => !item.isNew).map((item) => item.section.id);
  const stored = await storedClassSessions(tx, known, input.marks);
  const work: ClassSessionWork = {
    upsert: [],
    follow: [],
    remove: [],
    cancel: [],
    revive: [],
    unchanged: 0,
    contested: [],
  };
  for (const { section, meetings } of input.replan) {
    const terms = [section.termId, ...section.furtherTermIds].map((id) => {
      const term = input.terms.get(id);
      if (!term) throw new Error("a section without its term");
      return term;
    });
    const planned = planClassSessions({ meetings, weeks: section.weeks, terms, timeZone: input.timeZone }, instant);
    const existing = stored.get(section.id) ?? [];
    const diff = diffClassSessions({
      sectionId: section.id,
      stored: existing,
      planned,
      sectionCancelled: section.cancelled,
      now: input.now,
    });
    work.upsert.push(...diff.upsert);
    work.remove.push(...diff.remove);
    work.cancel.push(...diff.cancel);
    work.follow.push(...diff.follow);
    work.revive.push(...diff.revive);
    work.unchanged += diff.unchanged;
    const written = [...diff.upsert, ...diff.follow].map((session) => session.id);
    const touched = new Set([...diff.remove, ...diff.cancel, ...diff.revive, ...written]);
    const soon = input.now.getTime() + MARKABLE_MS;
    for (const session of existing)
      if (touched.has(session.id) && session.startsAt.getTime() < soon) work.contested.push(session.id);
  }
  return work;
}

async function storedClassSessions(
  tx: Tx,
  sectionIds: readonly string[],
  marks: ClassMarks,
): Promise<Map<string, StoredClassSession[]>> {
  const bySection = new Map<string, StoredClassSession[]>();
  for (const ids of inChunks(sectionIds, 1_000)) {
    const rows = await tx.$queryRaw<Omit<StoredClassSession, "hasAttendance">[]>`
      SELECT c.id, c.section_id AS "sectionId", c.meeting_id AS "meetingId", c.date::text AS date,
             c.starts_at AS "startsAt", c.ends_at AS "endsAt", c.location,
             c.state = 'CANCELLED' AND c.day_off_id IS NULL AND c.cancelled_at IS NULL AS cancelled,
             c.cancelled_at IS NOT NULL AS "cancelledByHand", c.moved_from_starts_at AS "movedFromStartsAt",
             c.moved_from_date::text AS "movedFromDate"
      FROM class_session c WHERE c.section_id = ANY(${ids}::text[])`;
    const saved = await marks.savedAmong(
      tx,
      rows.map(({ id }) => id),
    );
    for (const row of rows) {
      const session = { ...row, hasAttendance: saved.has(row.id) };
      bySection.set(row.sectionId, [...(bySection.get(row.sectionId) ?? []), session]);
    }
  }
  return bySection;
}

/**
 * Writes the work: one statement for all new and moved class sessions (a few when there are tens of thousands). A session
 * that got attendance since the plan was made is not removed. What people cancelled stays cancelled, and what stands on a
 * day off is cancelled by it. Returns how many rows were new, changed and taken away.
 */
export async function applyClassSessionWork(
  tx: Tx,
  schoolId: string,
  work: ClassSessionWork,
  now: Date,
  marks: ClassMarks,
): Promise<{ created: number; changed: number; ended: number }> {
  let ended = await remove(tx, work.remove, marks);
  if (work.cancel.length > 0)
    ended += await tx.$executeRaw`
      UPDATE class_session SET state = 'CANCELLED' WHERE id = ANY(${work.cancel}::text[])`;
  if (work.revive.length > 0)
    await tx.$executeRaw`
      UPDATE class_session SET state = 'SCHEDULED'
      WHERE id = ANY(${work.revive}::text[]) AND day_off_id IS NULL AND cancelled_at IS NULL`;
  for (const rows of inChunks(work.follow, 10_000)) await follow(tx, rows);
  const created = work.upsert.filter((session) => session.id === null).length;
  for (const rows of inChunks(work.upsert, 10_000)) {
    const column = <T>(value: (row: (typeof rows)[number]) => T) => rows.map(value);
    await tx.$executeRaw`
      INSERT INTO class_session (id, school_id, section_id, meeting_id, date, starts_at, ends_at, location)
      SELECT r.id, ${schoolId}, r.section_id, r.meeting_id, r.date, r.starts_at, r.ends_at, r.location
      FROM unnest(${column((row) => row.id ?? newId(now.getTime()))}::text[],
                  ${column((row) => row.sectionId)}::text[],
                  ${column((row) => row.meetingId)}::text[],
                  ${column((row) => row.date)}::date[],
                  ${column((row) => row.startsAt.toISOString())}::timestamptz[],
                  ${column((row) => row.endsAt.toISOString())}::timestamptz[],
                  ${column((row) => row.location)}::text[])
        AS r(id, section_id, meeting_id, date, starts_at, ends_at, location)
      ON CONFLICT (section_id, starts_at) DO UPDATE
        SET meeting_id = EXCLUDED.meeting_id, date = EXCLUDED.date, ends_at = EXCLUDED.ends_at,
            location = EXCLUDED.location, day_off_id = NULL,
            state = CASE WHEN class_session.cancelled_at IS NULL THEN 'SCHEDULED'::"ClassSessionState" ELSE 'CANCELLED' END`;
  }
  const sections = new Set([...work.upsert, ...work.follow].map((session) => session.sectionId));
  await cancelOnDaysOff(tx, schoolId, { sectionIds: [...sections] }, marks);
  const changed = work.upsert.length - created + work.follow.length + work.revive.length;
  return { created, changed, ended };
}

/** Removes what nobody has saved anything for; the locks keep it so. */
async function remove(tx: Tx, ids: readonly string[], marks: ClassMarks): Promise<number> {
  if (ids.length === 0) return 0;
  await tx.$queryRaw`SELECT 1 FROM class_session WHERE id = ANY(${[...ids]}::text[]) ORDER BY id FOR UPDATE`;
  const saved = await marks.savedAmong(tx, ids);
  return tx.$executeRaw`DELETE FROM class_session WHERE id = ANY(${ids.filter((id) => !saved.has(id))}::text[])`;
}

/** Gives stored sessions their new times; what people decided about them stays. */
async function follow(tx: Tx, rows: ClassSessionWork["follow"]): Promise<void> {
  await tx.$executeRaw`
    UPDATE class_session c SET meeting_id = r.meeting_id, date = r.date, starts_at = r.starts_at, ends_at = r.ends_at,
      location = r.location
    FROM jsonb_to_recordset(${JSON.stringify(
      rows.map((row) => ({
        id: row.id,
        meeting_id: row.meetingId,
        date: row.date,
        starts_at: row.startsAt,
        ends_at: row.endsAt,
        location: row.location,
      })),
    )}::jsonb) AS r(id text, meeting_id text, date date, starts_at timestamptz, ends_at timestamptz, location text)
    WHERE c.id = r.id`;
}
