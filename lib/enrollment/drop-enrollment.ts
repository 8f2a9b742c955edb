import { forgetLiveSeats, freeSeat } from "@/lib/catalog/seats";
import { audit } from "@/lib/platform/audit";
import { type Db, db, transaction, type Tx } from "@/lib/platform/db";
import { appendEvents } from "@/lib/platform/events/outbox";
import { lockEntities } from "@/lib/platform/locks";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { requireStudent } from "./access";
import { canDrop } from "./rules";

type DropRow = {
  sectionId: string;
  status: "ENROLLED" | "WAITLISTED";
  sectionCode: string;
  sectionTitle: string;
  termEndsOn: string;
  timeZone: string;
};

/**
 * Ends a live enrollment of the acting student: the row and its attendance stay, the seat is free for the next, and
 * `student_dropped` is published. Of two drops of one enrollment at the same moment one succeeds.
 *
 * Errors: `enrollment_not_found` (unknown, another person's, or dropped already), `enrollment_closed` (the term is over).
 */
export async function dropEnrollment(ctx: Context, input: { id: string }, client: Db = db()): Promise<void> {
  requireStudent(ctx);
  const before = await readOwn(client, ctx, input.id);
  if (!before) throw notFound();
  await transaction(async (tx) => {
    await lockEntities(tx, "section", [before.sectionId]);
    await lockEntities(tx, "student", [ctx.actor.userId]);
    const row = await readOwn(tx, ctx, input.id);
    if (!row) throw notFound();
    if (!canDrop(row, ctx.now))
      throw new AppError("enrollment_closed", { detail: "The term is over: its enrollments stay as they are." });
    await tx.$executeRaw`
      UPDATE enrollment SET status = 'DROPPED', dropped_at = ${ctx.now} WHERE id = ${input.id} AND status <> 'DROPPED'`;
    if (row.status === "ENROLLED") await freeSeat(tx, row.sectionId);
    await audit(tx, ctx, [
      {
        action: "enrollment.dropped",
        objectType: "enrollment",
        objectId: input.id,
        details: { sectionId: row.sectionId, from: row.status },
      },
    ]);
    await appendEvents(tx, ctx.now, [
      {
        type: "student_dropped",
        key: row.sectionId,
        data: {
          enrollmentId: input.id,
          studentId: ctx.actor.userId,
          sectionId: row.sectionId,
          sectionCode: row.sectionCode,
          sectionTitle: row.sectionTitle,
          schoolId: ctx.actor.schoolId,
          status: "DROPPED",
        },
      },
    ]);
  }, client);
  forgetLiveSeats(ctx.actor.schoolId, before.sectionId, client);
}

async function readOwn(client: Db | Tx, ctx: Context, id: string): Promise<DropRow | null> {
  const [row] = await client.$queryRaw<DropRow[]>`
    SELECT e.section_id AS "sectionId", e.status::text AS status, s.code AS "sectionCode", s.title AS "sectionTitle",
      to_char(t.ends_on, 'YYYY-MM-DD') AS "termEndsOn", o.time_zone AS "timeZone"
    FROM enrollment e JOIN section s ON s.id = e.section_id JOIN term t ON t.id = e.term_id
      JOIN school o ON o.id = e.school_id
    WHERE e.id = ${id} AND e.student_id = ${ctx.actor.userId} AND e.school_id = ${ctx.actor.schoolId}
      AND e.status <> 'DROPPED'`;
  return row ?? null;
}

function notFound(): AppError {
  return new AppError("enrollment_not_found", { detail: "It does not exist, or it was dropped already." });
}
