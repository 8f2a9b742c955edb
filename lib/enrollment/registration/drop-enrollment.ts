import { forgetLiveSeats } from "@/lib/catalog/sections/seats";
import { type Db, db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { AppError, type ErrorCode } from "@/lib/shared/errors";
import { AnsweredBefore } from "@/lib/shared/keyed-call";
import { registrationQueue } from "./registration-queue";
import { say, type Sentence } from "@/lib/shared/say";

/**
 * Ends a live enrollment of the acting student: the row and its attendance stay, the seat is free for the next, and
 * `student_dropped` is published. Of two drops of one enrollment at the same moment one succeeds. Drops go through the
 * same queue as enrolls: those that wait at the same moment share a transaction.
 *
 * Errors: `enrollment_not_found` (unknown, another person's, or dropped already), `enrollment_closed` (the term is over),
 * `unavailable` (the queue is full or slow: nothing was changed).
 */
export async function dropEnrollment(ctx: Context, input: { id: string }, client: Db = db()): Promise<void> {
  requireRole(ctx, "STUDENT");
  const { id } = input;
  const [row] = await client.$queryRaw<{ sectionId: string }[]>`
    SELECT section_id AS "sectionId" FROM enrollment
    WHERE id = ${id} AND student_id = ${ctx.actor.userId} AND school_id = ${ctx.actor.schoolId}
      AND status IN ('ENROLLED', 'WAITLISTED')`;
  if (!row) throw refusal("enrollment_not_found");
  const outcome = await registrationQueue(client).add({
    kind: "drop",
    ctx,
    sectionId: row.sectionId,
    enrollmentId: id,
  });
  if ("kept" in outcome) throw new AnsweredBefore(outcome.kept);
  if ("refused" in outcome) throw refusal(outcome.refused);
  forgetLiveSeats(ctx.actor.schoolId, row.sectionId, client);
}

const DETAILS: Partial<Record<ErrorCode, Sentence>> = {
  enrollment_not_found: say("detail.enrollmentGone"),
  enrollment_closed: say("detail.termOver"),
};

function refusal(code: ErrorCode): AppError {
  const detail = DETAILS[code];
  return new AppError(code, detail && { detail });
}
