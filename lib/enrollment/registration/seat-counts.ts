import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { isHeldSinceSql } from "@/lib/catalog/sections/held-terms";
import { db, type Db, Prisma } from "@/lib/platform/db/client";

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

/** How full the sections of running and coming terms are, counted again from the enrollment rows. For the office; else `forbidden`. */
export async function enrollmentOverview(ctx: Context, client: Db = db()): Promise<EnrollmentOverview> {
  requireRole(ctx, "ADMIN");
  const rows = await client.$queryRaw<(SectionFill & { counted: number; wall: number })[]>`
    SELECT s.id, s.code, s.title, s.seats_taken AS taken, s.capacity, GREATEST(s.capacity, s.office_seats) AS wall,
           (SELECT count(*) FROM enrollment e WHERE e.section_id = s.id AND e.status = 'ENROLLED')::int AS counted
      FROM section s JOIN term t ON t.id = s.term_id
     WHERE s.school_id = ${ctx.actor.schoolId} AND s.state = 'ACTIVE' 
       AND ${isHeldSinceSql(ctx.actor.schoolId, Prisma.sql`${ctx.now}::date`)}
     ORDER BY s.seats_taken::float / GREATEST(s.capacity, 1) DESC, s.code`;
  return {
    sections: rows.length,
    full: rows.filter((row) => row.taken >= row.capacity).length,
    seats: rows.reduce((sum, row) => sum + row.capacity, 0),
    taken: rows.reduce((sum, row) => sum + row.counted, 0),
    overFilled: rows.filter((row) => row.counted > row.wall || row.counted !== row.taken).length,
    fullest: rows.slice(0, 12).map(({ id, code, title, taken, capacity }) => ({ id, code, title, taken, capacity })),
  };
}
