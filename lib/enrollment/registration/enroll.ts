import { forgetLiveSeats } from "@/lib/catalog/sections/seats";
import { takeTry } from "@/lib/identity/limits/tries";
import { type Db, db } from "@/lib/platform/db/client";
import { keyReused } from "@/lib/platform/idempotency/kept-answers";
import { counter } from "@/lib/platform/runtime/metrics";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { AppError, type ErrorCode } from "@/lib/shared/errors";
import { AnsweredBefore } from "@/lib/shared/keyed-call";
import { newId } from "@/lib/shared/ids";
import type { RegistrationOutcome } from "./decide";
import { registrationQueue } from "./registration-queue";
import type { Enrolled, EnrollInput } from "../schema";
import { say, type Sentence } from "@/lib/shared/say";

/**
 * Enrolls the acting student. Guarantees: the section never holds more than its capacity, the student is never in two
 * sections that overlap or of one course, whatever runs at the same time on however many processes; the event
 * `student_enrolled` is published if and only if this commits. Requests that wait at the same moment share a transaction,
 * whatever their sections.
 *
 * Errors: `section_not_found`, `enrollment_closed`, `already_enrolled`, `time_conflict`, `section_full`, `unavailable`
 * (the queue is full or slow: nothing was changed), `too_many_attempts`. Calling it again after an answer was lost says `already_enrolled`;
 * with the key of `ctx.keyed` it gives the first answer again, as `AnsweredBefore`.
 */
export async function enroll(ctx: Context, input: EnrollInput, client: Db = db()): Promise<Enrolled> {
  requireRole(ctx, "STUDENT");
  await takeTry("enroll", { account: ctx.actor.userId });
  const { sectionId } = input;
  const { keyed } = ctx;
  const enrolled = (id: string): Enrolled => ({ id, sectionId, status: "ENROLLED" });
  const outcome = await registrationQueue(client).add({
    kind: "enroll",
    ctx,
    sectionId,
    enrollmentId: newId(ctx.now.getTime()),
    ...(keyed && {
      keyed: {
        call: { userId: ctx.actor.userId, route: keyed.route, key: keyed.key, bodyHash: keyed.bodyHash },
        answerOf: (decided) =>
          keyed.encode(
            "refused" in decided ? refusal(decided.refused) : { status: 201, body: enrolled(decided.enrollmentId) },
          ),
      },
    }),
  });
  counter("campus_enrollment_requests_total", "Enroll requests by outcome", ["outcome"]).inc({
    outcome: nameOf(outcome),
  });
  if ("kept" in outcome) throw new AnsweredBefore(outcome.kept);
  if ("refused" in outcome) throw refusal(outcome.refused);
  forgetLiveSeats(ctx.actor.schoolId, sectionId, client);
  return enrolled(outcome.enrollmentId);
}

function nameOf(outcome: RegistrationOutcome): string {
  if ("kept" in outcome) return "answered_before";
  return "refused" in outcome ? outcome.refused : "enrolled";
}

function refusal(code: ErrorCode): AppError {
  if (code === "idempotency_key_reused") return keyReused();
  const detail = DETAILS[code];
  return new AppError(code, detail && { detail });
}

const DETAILS: Partial<Record<ErrorCode, Sentence>> = {
  section_not_found: say("detail.checkSection"),
  enrollment_closed: say("detail.enrollmentClosed"),
  already_enrolled: say("detail.dropSameCourse"),
  time_conflict: say("detail.dropOverlap"),
  section_full: say("detail.sectionFull"),
};
