import { seatsAvailableOf } from "@/lib/catalog/sections/sections-rules";
import type { Context } from "@/lib/shared/context";
import type { OwnCall } from "@/lib/platform/idempotency/kept-answers";
import type { ErrorCode } from "@/lib/shared/errors";
import type { KeptAnswer } from "@/lib/shared/keyed-call";
import type { Standing } from "./own-enrollments";
import { blockersOf, canDrop } from "./rules";

/** What a student asks of a section, waiting to be decided. */
export type RegistrationRequest = {
  kind: "enroll" | "drop";
  ctx: Context;
  sectionId: string;
  /**
   * Of a drop: the enrollment that ends. Of an enroll: the id that the enrollment gets, made before the first try, so that
   * a try repeated after a lost answer knows its own row.
   */
  enrollmentId: string;
  /** Of a call with an `Idempotency-Key`, and the answer that an outcome becomes: it is kept with the outcome. */
  keyed?: { call: OwnCall; answerOf: (outcome: Decided) => KeptAnswer };
};

export type Decided = { enrollmentId: string } | { refused: ErrorCode };
/** `kept`: the call was answered before, and that is the answer. */
export type RegistrationOutcome = Decided | { kept: KeptAnswer };

/** A live enrollment that somebody asks to end. */
export type LiveRow = {
  id: string;
  sectionId: string;
  studentId: string;
  schoolId: string;
  status: "ENROLLED" | "WAITLISTED";
};

/** What is true of sections and enrollments, read under their locks. */
export type Facts = {
  standings: ReadonlyMap<string, Standing>;
  /** The rows that drops name, by id, as far as they are live. */
  live: ReadonlyMap<string, LiveRow>;
};

/** A request that is granted, with its section; `row` is the enrollment that a drop ends, null for an enroll. */
export type Granted = { request: RegistrationRequest; section: Standing["section"]; row: LiveRow | null };

/** An outcome for each request, and what is to be written for those that were granted, in the order of the requests. */
export type Decision = {
  outcomes: Decided[];
  granted: Granted[];
  /** By how many the taken seats of each section change. */
  seats: Map<string, number>;
};

/**
 * Decides requests in their order, each by what is true and by what was granted before it: a seat that one gives back is
 * there for the next. No student may stand in the list twice (what the first is granted is not in the facts of the second).
 */
export function decide(requests: readonly RegistrationRequest[], { standings, live }: Facts): Decision {
  const outcomes: Decided[] = [];
  const granted: Granted[] = [];
  const seats = new Map<string, number>();
  for (const request of requests) {
    const { enrollmentId, sectionId } = request;
    const standing = standings.get(sectionId);
    const moved = seats.get(sectionId) ?? 0;
    const row = (request.kind === "drop" && live.get(enrollmentId)) || null;
    const verdict = request.kind === "drop" ? judgeDrop(request, standing, row) : judge(request, standing, moved);
    outcomes.push(verdict === "granted" || verdict === "known" ? { enrollmentId } : { refused: verdict });
    if (verdict !== "granted" || !standing) continue;
    granted.push({ request, section: standing.section, row });
    if (row?.status !== "WAITLISTED") seats.set(sectionId, moved + (row ? -1 : 1));
  }
  for (const [sectionId, by] of seats) if (by === 0) seats.delete(sectionId);
  return { outcomes, granted, seats };
}

/** Granted, refused with a code, or known: an earlier try was committed and its answer got lost on the way. */
function judge(
  { ctx, enrollmentId }: RegistrationRequest,
  standing: Standing | undefined,
  taken: number,
): "granted" | "known" | ErrorCode {
  if (standing?.section.schoolId !== ctx.actor.schoolId) return "section_not_found";
  const own = standing.own.get(ctx.actor.userId) ?? [];
  if (own.some((other) => other.enrollmentId === enrollmentId)) return "known";
  const section = { ...standing.section, seatsTaken: standing.section.seatsTaken + taken };
  const [blocker] = blockersOf(section, own, ctx.now);
  if (blocker) return blocker;
  return seatsAvailableOf(section) > 0 ? "granted" : "section_full";
}

function judgeDrop(
  { ctx, sectionId }: RegistrationRequest,
  standing: Standing | undefined,
  row: LiveRow | null,
): "granted" | ErrorCode {
  const isOwn = row?.studentId === ctx.actor.userId && row.schoolId === ctx.actor.schoolId;
  if (!standing || !isOwn || row.sectionId !== sectionId) return "enrollment_not_found";
  return canDrop(standing.section, ctx.now) ? "granted" : "enrollment_closed";
}
