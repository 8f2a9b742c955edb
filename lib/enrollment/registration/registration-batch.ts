import { moveSeats } from "@/lib/catalog/sections/seats";
import { insertAudit } from "@/lib/platform/db/audit";
import { type Db, Prisma, transaction, type Tx } from "@/lib/platform/db/client";
import { lockTogether, tryLockTogether, type Wanted } from "@/lib/platform/db/locks";
import { keepAnswers, keptAnswersOf } from "@/lib/platform/idempotency/kept-answers";
import { insertEvents } from "@/lib/platform/events/log/outbox";
import {
  type Decision,
  decide,
  type Facts,
  type Granted,
  type LiveRow,
  type RegistrationOutcome,
  type RegistrationRequest,
} from "./decide";
import { standingsOf } from "./own-enrollments";

/** Of a request whose section or student another transaction holds: nothing was decided. */
export type Locked = { locked: true };

/**
 * Decides requests of any sections in one transaction and returns an outcome for each, in their order; no student may be
 * in the list twice. Sections and students are locked in the global order, so neither seats nor a student's timetable can
 * change under the decision; what is true is read once and decided in memory; seats are given by the guarded write of
 * `moveSeats`. Three statements (four with drops, two more with keys) between BEGIN and COMMIT, however many requests.
 *
 * A call with an `Idempotency-Key` that was answered before is not decided: it gets that answer, or, with another body,
 * `idempotency_key_reused`. The answers of the others are kept in this transaction. The lock of the student is the lock of
 * the key, which is the student's alone.
 *
 * With `wait` false nobody is waited for: requests whose section or student is held by another transaction come back as
 * `locked`, so that one long import cannot hold up the sections beside it. Throws when the transaction failed; then
 * nothing was written.
 */
export function registrationBatch(
  requests: readonly RegistrationRequest[],
  { wait }: { wait: boolean },
  client: Db,
): Promise<(RegistrationOutcome | Locked)[]> {
  return transaction(async (tx) => {
    const ours = await lockAll(tx, requests, wait);
    const answered = await answeredBefore(tx, ours);
    const open = ours.filter((request) => !answered.has(request));
    const decision = open.length > 0 ? decide(open, await factsOf(tx, open)) : null;
    if (decision && decision.granted.length > 0) await write(tx, decision);
    const decided = new Map(open.map((request, index) => [request, decision?.outcomes[index]]));
    await keepAnswers(
      tx,
      [...decided].flatMap(([{ keyed }, outcome]) =>
        keyed && outcome ? [{ call: keyed.call, answer: keyed.answerOf(outcome) }] : [],
      ),
    );
    return requests.map((request) => answered.get(request) ?? decided.get(request) ?? { locked: true as const });
  }, client);
}

/** Those of the requests whose key was used before, with what they get. */
async function answeredBefore(
  tx: Tx,
  requests: readonly RegistrationRequest[],
): Promise<Map<RegistrationRequest, RegistrationOutcome>> {
  const keyed = requests.flatMap((request) => (request.keyed ? [{ request, call: request.keyed.call }] : []));
  if (keyed.length === 0) return new Map();
  const kept = await keptAnswersOf(
    tx,
    keyed.map(({ call }) => call),
  );
  return new Map(
    keyed.flatMap(({ request }, index): [RegistrationRequest, RegistrationOutcome][] => {
      const before = kept[index];
      if (!before) return [];
      return [[request, before.isSameBody ? { kept: before.answer } : { refused: "idempotency_key_reused" }]];
    }),
  );
}

/** Those of the requests whose section and student are ours now. */
async function lockAll(
  tx: Tx,
  requests: readonly RegistrationRequest[],
  wait: boolean,
): Promise<readonly RegistrationRequest[]> {
  const wanted: Wanted = [
    ["section", [...new Set(requests.map(({ sectionId }) => sectionId))]],
    ["student", requests.map(({ ctx }) => ctx.actor.userId)],
  ];
  if (wait) {
    await lockTogether(tx, wanted);
    return requests;
  }
  const taken = await tryLockTogether(tx, wanted);
  return requests.filter(
    ({ sectionId, ctx }) => !taken.get("section")?.has(sectionId) && !taken.get("student")?.has(ctx.actor.userId),
  );
}

async function factsOf(tx: Tx, requests: readonly RegistrationRequest[]): Promise<Facts> {
  const standings = await standingsOf(
    tx,
    requests.map(({ sectionId, ctx }) => ({ sectionId, studentId: ctx.actor.userId, schoolId: ctx.actor.schoolId })),
  );
  const drops = requests.filter(({ kind }) => kind === "drop").map(({ enrollmentId }) => enrollmentId);
  if (drops.length === 0) return { standings, live: new Map() };
  const rows = await tx.$queryRaw<LiveRow[]>`
    SELECT id, section_id AS "sectionId", student_id AS "studentId", school_id AS "schoolId", status::text AS status
    FROM enrollment WHERE id = ANY(${drops}::text[]) AND status IN ('ENROLLED', 'WAITLISTED')`;
  return { standings, live: new Map(rows.map((row) => [row.id, row])) };
}

/** Seats, enrollments, audit rows and events in one statement. */
async function write(tx: Tx, { granted, seats }: Decision): Promise<void> {
  const [first] = granted;
  if (!first) return;
  const audited = insertAudit(
    first.request.ctx,
    granted.map(({ request, section, row }) => ({
      action: row ? "enrollment.dropped" : "enrollment.enrolled",
      objectType: "enrollment",
      objectId: request.enrollmentId,
      details: { sectionId: section.id, ...(row ? { from: row.status } : {}) },
      by: request.ctx,
    })),
  );
  const published = insertEvents(
    tx,
    first.request.ctx.now,
    granted.map(({ request, section, row }) => ({
      type: row ? ("student_dropped" as const) : ("student_enrolled" as const),
      key: section.id,
      at: request.ctx.now,
      data: {
        enrollmentId: request.enrollmentId,
        studentId: request.ctx.actor.userId,
        sectionId: section.id,
        sectionCode: section.code,
        sectionTitle: section.title,
        schoolId: section.schoolId,
        status: row ? ("DROPPED" as const) : ("ENROLLED" as const),
      },
    })),
  );
  const enrolled = granted.filter(({ row }) => row === null);
  const dropped = granted.flatMap(({ request, row }) => (row ? [{ id: row.id, at: request.ctx.now }] : []));
  const [done] = await tx.$queryRaw<{ moved: number; ended: number }[]>`
    WITH moved AS (${moveSeats(seats)}), ended AS (${endRows(dropped)}), begun AS (${insertRows(enrolled)}),
      audited AS (${audited}), published AS (${published.sql})
    SELECT (SELECT count(*) FROM moved)::int AS moved, (SELECT count(*) FROM ended)::int AS ended`;
  // Somebody wrote without the lock between our read and our write: what was decided is not true any more.
  if (done?.moved !== seats.size || done.ended !== dropped.length) throw new SeatsMoved();
}

/** The seats of a section changed under its lock. Nothing was written; decided again, it comes out right. */
export class SeatsMoved extends Error {
  constructor() {
    super("seats or enrollments changed without the lock of their section");
    this.name = "SeatsMoved";
  }
}

function insertRows(enrolled: readonly Granted[]): Prisma.Sql {
  const rows = enrolled.map(({ request, section }) => ({
    id: request.enrollmentId,
    school: section.schoolId,
    section: section.id,
    student: request.ctx.actor.userId,
    course: section.courseId,
    term: section.termId,
    at: request.ctx.now.toISOString(),
  }));
  return Prisma.sql`
    INSERT INTO enrollment (id, school_id, section_id, student_id, course_id, term_id, status, origin, enrolled_at, counts_from)
    SELECT e->>'id', e->>'school', e->>'section', e->>'student', e->>'course', e->>'term', 'ENROLLED', 'SELF',
      (e->>'at')::timestamptz, (e->>'at')::timestamptz
    FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) AS e`;
}

function endRows(dropped: readonly { id: string; at: Date }[]): Prisma.Sql {
  const ids = dropped.map(({ id }) => id);
  const times = dropped.map(({ at }) => at.toISOString());
  return Prisma.sql`
    UPDATE enrollment SET status = 'DROPPED', dropped_at = gone.at, counts_until = LEAST(counts_until, gone.at),
      counts_from = CASE WHEN status = 'WAITLISTED' THEN gone.at ELSE counts_from END
    FROM unnest(${ids}::text[], ${times}::timestamptz[]) AS gone(id, at)
    WHERE enrollment.id = gone.id AND status IN ('ENROLLED', 'WAITLISTED')
    RETURNING enrollment.id`;
}
