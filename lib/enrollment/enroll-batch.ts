import { seatsAvailableOf } from "@/lib/catalog/sections-rules";
import { takeSeats } from "@/lib/catalog/seats";
import { insertAudit } from "@/lib/platform/audit";
import { type Db, transaction, type Tx } from "@/lib/platform/db";
import { insertEvents } from "@/lib/platform/events/outbox";
import { lockTogether } from "@/lib/platform/locks";
import type { Context } from "@/lib/shared/context";
import type { ErrorCode } from "@/lib/shared/errors";
import { type Standing, standingOf } from "./own-enrollments";
import { blockersOf } from "./rules";

/** One student's wish for a section, waiting to be decided. */
export type EnrollRequest = {
  ctx: Context;
  sectionId: string;
  /** Id that the enrollment gets: made before the first try, so that a try repeated after a lost answer knows its own row. */
  enrollmentId: string;
};

export type EnrollOutcome = { enrollmentId: string } | { refused: ErrorCode; conflictCode?: string | undefined };

/**
 * Decides requests for one section and returns an outcome for each, in their order. Who is refused by what is committed
 * already – closed, in the course, overlapping, full – is refused without a transaction. The others are decided in one
 * transaction: seats go to the first in the list; section and students are locked (in that order, students sorted), so
 * neither the section nor a student's timetable can change under the decision; the seats are given by the guarded write
 * of `takeSeats`. A fixed number of statements, however many requests.
 */
export async function enrollBatch(
  sectionId: string,
  requests: readonly EnrollRequest[],
  client: Db,
): Promise<EnrollOutcome[]> {
  const early = await refusalsAsCommitted(client, sectionId, requests);
  const open = requests.filter((_, index) => !early[index]);
  const decided = open.length > 0 ? await decideLocked(sectionId, open, client) : [];
  const byRequest = new Map(open.map((request, index) => [request, decided[index]]));
  return requests.map((request, index) => early[index] ?? byRequest.get(request) ?? { refused: "section_full" });
}

/** What is certain from committed state alone; null for a request that has a chance. */
async function refusalsAsCommitted(
  client: Db,
  sectionId: string,
  requests: readonly EnrollRequest[],
): Promise<(EnrollOutcome | null)[]> {
  const standing = await standingFor(client, sectionId, requests);
  if (!standing) return requests.map(() => ({ refused: "section_not_found" as const }));
  const isFull = seatsAvailableOf(standing.section) === 0;
  return requests.map((request) => judge(request, standing) ?? (isFull ? { refused: "section_full" } : null));
}

function decideLocked(sectionId: string, requests: readonly EnrollRequest[], client: Db): Promise<EnrollOutcome[]> {
  return transaction(async (tx) => {
    const studentIds = studentsOf(requests);
    await lockTogether(tx, [
      ["section", [sectionId]],
      ["student", studentIds],
    ]);
    const standing = await standingFor(tx, sectionId, requests);
    if (!standing) return requests.map(() => ({ refused: "section_not_found" as const }));

    const outcomes = requests.map((request) => judge(request, standing));
    const wanting = firstOfEachStudent(requests, outcomes);
    const granted = await takeSeats(tx, sectionId, wanting.length);
    const enrolled = wanting.slice(0, granted);
    await writeEnrollments(tx, standing.section, enrolled);

    const winners = new Map(enrolled.map((request) => [request.ctx.actor.userId, request]));
    return requests.map((request, index) => {
      const outcome = outcomes[index];
      if (outcome) return outcome;
      const winner = winners.get(request.ctx.actor.userId);
      if (!winner) return { refused: "section_full" };
      return winner === request ? { enrollmentId: request.enrollmentId } : { refused: "already_enrolled" };
    });
  }, client);
}

function studentsOf(requests: readonly EnrollRequest[]): string[] {
  return [...new Set(requests.map((request) => request.ctx.actor.userId))];
}

function standingFor(client: Db | Tx, sectionId: string, requests: readonly EnrollRequest[]): Promise<Standing | null> {
  const schoolIds = [...new Set(requests.map((request) => request.ctx.actor.schoolId))];
  return standingOf(client, sectionId, schoolIds, studentsOf(requests));
}

/** The outcome that is certain before seats are given, or null for a request that wants a seat. */
function judge(request: EnrollRequest, { section, own: ownOf }: Standing): EnrollOutcome | null {
  const { actor, now } = request.ctx;
  if (actor.schoolId !== section.schoolId) return { refused: "section_not_found" };
  const own = ownOf.get(actor.userId) ?? [];
  // An earlier try was committed and its answer got lost on the way.
  if (own.some((other) => other.enrollmentId === request.enrollmentId)) return { enrollmentId: request.enrollmentId };
  const blocker = blockersOf(section, own, now).find((code) => code !== "section_full");
  return blocker ? { refused: blocker } : null;
}

function firstOfEachStudent(requests: readonly EnrollRequest[], outcomes: readonly (EnrollOutcome | null)[]) {
  const seen = new Set<string>();
  return requests.filter((request, index) => {
    if (outcomes[index] || seen.has(request.ctx.actor.userId)) return false;
    seen.add(request.ctx.actor.userId);
    return true;
  });
}

/** Enrollments, audit rows and events in one statement. */
async function writeEnrollments(
  tx: Tx,
  section: Standing["section"],
  requests: readonly EnrollRequest[],
): Promise<void> {
  const first = requests[0];
  if (!first) return;
  const ids = requests.map((request) => request.enrollmentId);
  const studentIds = requests.map((request) => request.ctx.actor.userId);
  const now = first.ctx.now;
  const audited = insertAudit(
    first.ctx,
    requests.map((request) => ({
      action: "enrollment.enrolled",
      objectType: "enrollment",
      objectId: request.enrollmentId,
      details: { sectionId: section.id },
      actorId: request.ctx.actor.userId,
      requestId: request.ctx.requestId,
    })),
  );
  const published = insertEvents(
    tx,
    now,
    requests.map((request) => ({
      type: "student_enrolled" as const,
      key: section.id,
      data: {
        enrollmentId: request.enrollmentId,
        studentId: request.ctx.actor.userId,
        sectionId: section.id,
        sectionCode: section.code,
        sectionTitle: section.title,
        schoolId: section.schoolId,
        status: "ENROLLED",
      },
    })),
  );
  await tx.$executeRaw`
    WITH enrolled AS (
      INSERT INTO enrollment (id, school_id, section_id, student_id, course_id, term_id, status, origin, enrolled_at)
      SELECT id, ${section.schoolId}, ${section.id}, student, ${section.courseId}, ${section.termId}, 'ENROLLED', 'SELF', ${now}
      FROM unnest(${ids}::text[], ${studentIds}::text[]) AS wanted(id, student)
    ), audited AS (${audited})
    ${published.sql}`;
}
