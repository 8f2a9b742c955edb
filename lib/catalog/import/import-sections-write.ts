import type { Tx } from "@/lib/platform/db/client";
import { inChunks } from "@/lib/identity/import/import-tally";
import type { SectionPlan } from "./import-sections";

/**
 * Writes sections and meetings. The changed sections must be locked: a capacity that sinks below the seats taken moves
 * `office_seats` up in the same statement, so that the wall of the check constraint stays true.
 */
export async function applySections(tx: Tx, schoolId: string, plan: SectionPlan): Promise<void> {
  for (const rows of inChunks(plan.create)) {
    await tx.$executeRaw`
      INSERT INTO section (id, school_id, sourced_id, course_id, term_id, code, title, location, capacity, waitlist_capacity, weeks)
      SELECT r.id, ${schoolId}, r."sourcedId", r."courseId", r."termId", r.code, r.title, r.location, r.capacity,
             r."waitlistCapacity", r.weeks
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS r(id text, "sourcedId" text, "courseId" text, "termId" text, code text, title text, location text,
             capacity int, "waitlistCapacity" int, weeks text)`;
  }
  for (const rows of inChunks(plan.update)) {
    await tx.$executeRaw`
      UPDATE section s
      SET course_id = r."courseId", term_id = r."termId", code = r.code, title = r.title, location = r.location,
          capacity = r.capacity, waitlist_capacity = r."waitlistCapacity", weeks = r.weeks,
          state = CASE WHEN r.cancelled THEN 'CANCELLED'::"SectionState" ELSE 'ACTIVE' END,
          office_seats = CASE WHEN s.seats_taken > r.capacity THEN GREATEST(s.office_seats, s.seats_taken)
                              ELSE s.office_seats END
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS r(id text, "courseId" text, "termId" text, code text, title text, location text,
             capacity int, "waitlistCapacity" int, weeks text, cancelled boolean)
      WHERE s.id = r.id`;
  }
  await applyFurtherTerms(tx, plan);
  if (plan.removeMeetings.length > 0)
    await tx.$executeRaw`DELETE FROM meeting WHERE id = ANY(${plan.removeMeetings}::text[])`;
  for (const rows of inChunks(plan.updateMeetings)) {
    await tx.$executeRaw`
      UPDATE meeting m SET end_minute = r."endMinute", location = r.location
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id text, "endMinute" int, location text)
      WHERE m.id = r.id`;
  }
  for (const rows of inChunks(plan.createMeetings)) {
    await tx.$executeRaw`
      INSERT INTO meeting (id, section_id, day, start_minute, end_minute, location)
      SELECT r.id, r."sectionId", r.day, r."startMinute", r."endMinute", r.location
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS r(id text, "sectionId" text, day int, "startMinute" int, "endMinute" int, location text)`;
  }
}

async function applyFurtherTerms(tx: Tx, plan: SectionPlan): Promise<void> {
  const changed = plan.update.map(({ id }) => id);
  for (const ids of inChunks(changed, 20_000))
    await tx.$executeRaw`DELETE FROM section_further_term WHERE section_id = ANY(${ids}::text[])`;
  const wanted = [...plan.create, ...plan.update].flatMap(({ id, furtherTermIds }) =>
    furtherTermIds.map((termId) => ({ id, termId })),
  );
  for (const rows of inChunks(wanted)) {
    await tx.$executeRaw`
      INSERT INTO section_further_term (section_id, term_id)
      SELECT r.id, r."termId" FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id text, "termId" text)`;
  }
}

/**
 * Stores how many people hold a seat of each section, in all and by the office, and keeps the wall true: `office_seats`
 * becomes what the office has in the section, or everybody who is in it when that is more than its capacity. Sections must
 * be locked or new. Returns those that hold more people than seats, by sourcedId.
 */
export async function setSeats(
  tx: Tx,
  counts: readonly { sectionId: string; taken: number; office: number }[],
): Promise<{ sourcedId: string; capacity: number; taken: number }[]> {
  return tx.$queryRaw`
    WITH counted AS (
      UPDATE section s
      SET seats_taken = live.taken,
          office_seats = CASE WHEN live.taken > s.capacity THEN live.taken ELSE live.office END
      FROM jsonb_to_recordset(${JSON.stringify(counts)}::jsonb) AS live("sectionId" text, taken int, office int)
      WHERE s.id = live."sectionId"
      RETURNING s.sourced_id, s.capacity, s.seats_taken
    )
    SELECT sourced_id AS "sourcedId", capacity, seats_taken AS taken FROM counted
    WHERE seats_taken > capacity ORDER BY sourced_id`;
}
