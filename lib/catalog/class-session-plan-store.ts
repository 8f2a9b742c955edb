import type { Tx } from "@/lib/platform/db";
import { inChunks } from "@/lib/identity/import-tally";
import { newId } from "@/lib/shared/ids";
import { instantsOf, planClassSessions } from "./class-session-plan";
import { diffClassSessions, type ClassSessionDiff, type StoredClassSession } from "./class-session-plan-diff";
import type { SectionPlan } from "./import-sections";

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
  },
): Promise<ClassSessionWork> {
  const instant = instantsOf(input.timeZone);
  const known = input.replan.filter((item) => !item.isNew).map((item) => item.section.id);
  const stored = await storedClassSessions(tx, known);
  const work: ClassSessionWork = { upsert: [], remove: [], cancel: [], unchanged: 0, contested: [] };
  for (const { section, meetings } of input.replan) {
    const term = input.terms.get(section.termId);
    if (!term) throw new Error("a section without its term");
    const planned = planClassSessions(
      { meetings, weeks: section.weeks, startsOn: term.startsOn, endsOn: term.endsOn, timeZone: input.timeZone },
      instant,
    );
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
    work.unchanged += diff.unchanged;
    const touched = new Set([...diff.remove, ...diff.cancel, ...diff.upsert.map((session) => session.id)]);
    const soon = input.now.getTime() + MARKABLE_MS;
    for (const session of existing)
      if (touched.has(session.id) && session.startsAt.getTime() < soon) work.contested.push(session.id);
  }
  return work;
}

async function storedClassSessions(tx: Tx, sectionIds: readonly string[]): Promise<Map<string, StoredClassSession[]>> {
  const bySection = new Map<string, StoredClassSession[]>();
  for (const ids of inChunks(sectionIds, 1_000)) {
    const rows = await tx.$queryRaw<StoredClassSession[]>`
      SELECT c.id, c.section_id AS "sectionId", c.meeting_id AS "meetingId", c.date::text AS date,
             c.starts_at AS "startsAt", c.ends_at AS "endsAt", c.location, c.state = 'CANCELLED' AS cancelled,
             (EXISTS (SELECT 1 FROM attendance_sheet s WHERE s.class_session_id = c.id)
              OR EXISTS (SELECT 1 FROM attendance_record r WHERE r.class_session_id = c.id)) AS "hasAttendance"
      FROM class_session c WHERE c.section_id = ANY(${ids}::text[])`;
    for (const row of rows) bySection.set(row.sectionId, [...(bySection.get(row.sectionId) ?? []), row]);
  }
  return bySection;
}

/**
 * Writes the work: one statement for all new and moved class sessions (a few when there are tens of thousands). A session
 * that got attendance since the plan was made is not removed. Returns how many rows were new, changed and taken away.
 */
export async function applyClassSessionWork(
  tx: Tx,
  schoolId: string,
  work: ClassSessionWork,
  now: Date,
): Promise<{ created: number; changed: number; ended: number }> {
  let ended = 0;
  if (work.remove.length > 0)
    ended += await tx.$executeRaw`
      DELETE FROM class_session c WHERE c.id = ANY(${work.remove}::text[])
        AND NOT EXISTS (SELECT 1 FROM attendance_sheet s WHERE s.class_session_id = c.id)
        AND NOT EXISTS (SELECT 1 FROM attendance_record r WHERE r.class_session_id = c.id)`;
  if (work.cancel.length > 0)
    ended += await tx.$executeRaw`
      UPDATE class_session SET state = 'CANCELLED' WHERE id = ANY(${work.cancel}::text[])`;
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
            location = EXCLUDED.location, state = 'SCHEDULED'`;
  }
  return { created, changed: work.upsert.length - created, ended };
}
