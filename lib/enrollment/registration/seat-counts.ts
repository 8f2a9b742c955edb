import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { currentSectionsSql } from "@/lib/catalog/sections/held-terms";
import { db, type Db } from "@/lib/platform/db/client";

export type SectionFill = { id: string; code: string; title: string; taken: number; capacity: number };
export type EnrollmentOverview = {
  sections: number;
  full: number;
  seats: number;
  taken: number;
  /** Sections with more self-enrolled people than the wall allows; counted from the rows, must be 0. */
  overFilled: number;
  /** Most filled first. */
  fullest: SectionFill[];
};

const FULLEST = 12;

/** How full the sections of running and coming terms are, counted again from the enrollment rows. For the office; else `forbidden`. */
export async function enrollmentOverview(ctx: Context, client: Db = db()): Promise<EnrollmentOverview> {
  requireRole(ctx, "ADMIN");
  const scope = { schoolId: ctx.actor.schoolId, now: ctx.now };
  const [row] = await client.$queryRaw<EnrollmentOverview[]>`
    WITH counted AS MATERIALIZED (
      SELECT s.id, s.code, s.title, s.seats_taken AS taken, s.capacity, GREATEST(s.capacity, s.office_seats) AS wall,
             (SELECT count(*) FROM enrollment e WHERE e.section_id = s.id AND e.status = 'ENROLLED')::int AS enrolled
        FROM ${currentSectionsSql(scope)} AS s WHERE s.state = 'ACTIVE'
    )
    SELECT count(*)::int AS sections, count(*) FILTER (WHERE taken >= capacity)::int AS "full",
           coalesce(sum(capacity), 0)::int AS seats, coalesce(sum(enrolled), 0)::int AS taken,
           count(*) FILTER (WHERE enrolled > wall OR enrolled <> taken)::int AS "overFilled",
           (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
             SELECT id, code, title, taken, capacity FROM counted
              ORDER BY taken::float / GREATEST(capacity, 1) DESC, code LIMIT ${FULLEST}) AS f) AS fullest
      FROM counted`;
  return row ?? { sections: 0, full: 0, seats: 0, taken: 0, overFilled: 0, fullest: [] };
}
