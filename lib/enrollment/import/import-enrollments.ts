import { Prisma, type Tx } from "@/lib/platform/db/client";
import { emptyTally, inChunks, type ImportTally } from "@/lib/identity/import/import-tally";
import { newId } from "@/lib/shared/ids";
import type { CountingTime } from "../members/membership";
import { countingTimeOf, type OfficeDays, type OfficePhase, phaseOf, STATUS_OF_PHASE } from "./office-days";

/** An enrollment that the office sends. */
export type OfficeEnrollment = OfficeDays & {
  sourcedId: string;
  studentId: string;
  sectionId: string;
  courseId: string;
  termId: string;
};
type Stored = OfficeDays & {
  id: string;
  sourcedId: string | null;
  studentId: string;
  sectionId: string;
  status: "ENROLLED" | "WAITLISTED" | "DROPPED" | "PLANNED";
  origin: "SELF" | "OFFICE";
  /** It ended because its last day passed, and not by anybody's wish; null: it does not say when it ended. */
  endedByDate: boolean | null;
};
type Dated = OfficeDays & CountingTime & { id: string; status: "ENROLLED" | "DROPPED" | "PLANNED" };

/** What an import will do to enrollments. */
export type EnrollmentPlan = {
  create: (OfficeEnrollment & Dated)[];
  /** Office rows whose first or last day is another now. */
  redate: Dated[];
  /** Live office rows that got another sourcedId. */
  adopt: { id: string; sourcedId: string }[];
  /** Rows of the office that end: dropped, and their sourcedId set free. */
  drop: string[];
  /** Sections whose seats change. */
  sections: Set<string>;
  /** By sourcedId: what was left alone, and why. */
  left: { sourcedId: string; why: "waitlistedByStudent" | "droppedSince" | "twice" }[];
  /** How many enrollments of their own deleted people still hold, by id of the person. */
  ownOfGone: Map<string, number>;
  /** Rows whose first day is to come, and rows whose last day has passed. */
  ahead: number;
  over: number;
  tally: ImportTally;
};

/** What an import says of enrollments. */
export type OfficeInput = {
  schoolId: string;
  rows: readonly OfficeEnrollment[];
  /** sourcedIds of deleted rows. */
  ended: readonly string[];
  /** sourcedIds of rows that mean something else now, for example a teacher. */
  released: readonly string[];
  /** Ids of people who are deleted: what the office put them in ends. */
  gone: readonly string[];
  /** IANA zone of the school, for first and last days. */
  timeZone: string;
  now: Date;
};

/**
 * Which stored sections an import may change the seats of, and which students' enrollments: lock them, then plan. Nobody
 * else sees what is new before the import is there. Reads only.
 */
export async function entitiesToLock(
  tx: Tx,
  input: OfficeInput & { newSections: ReadonlySet<string>; newPeople: ReadonlySet<string> },
): Promise<{ sections: Set<string>; students: Set<string> }> {
  const stored = await bySourcedId(tx, input);
  const sections = new Set<string>();
  const students = new Set<string>();
  for (const row of input.rows) {
    const same = stored.get(row.sourcedId);
    if (same && same.studentId === row.studentId && same.sectionId === row.sectionId && sameDays(same, row)) continue;
    sections.add(row.sectionId);
    students.add(row.studentId);
    if (same) sections.add(same.sectionId);
    if (same) students.add(same.studentId);
  }
  for (const sourcedId of [...input.ended, ...input.released]) {
    const same = stored.get(sourcedId);
    if (!same || same.status === "DROPPED") continue;
    sections.add(same.sectionId);
    students.add(same.studentId);
  }
  for (const id of input.gone) students.add(id);
  for (const { origin, sectionId } of await liveRowsOf(tx, input.gone))
    if (origin === "OFFICE") sections.add(sectionId);
  return { sections: sections.difference(input.newSections), students: students.difference(input.newPeople) };
}

/**
 * Compares the office's enrollments with what is stored. Rows that students made in the product (origin SELF) are never
 * written to; neither is an office row that its student dropped since: it comes back only when the office ends it and
 * sends it again. The sections and students must be locked.
 */
export async function planEnrollments(tx: Tx, input: OfficeInput): Promise<EnrollmentPlan> {
  const { rows, ended, now } = input;
  const stored = await bySourcedId(tx, input);
  const live = await liveRows(tx, rows);
  const used = await sectionsWithEnrollments(
    tx,
    rows.map((row) => row.sectionId),
  );
  const plan: EnrollmentPlan = {
    create: [],
    redate: [],
    adopt: [],
    drop: [],
    sections: new Set(),
    left: [],
    ownOfGone: new Map(),
    ahead: 0,
    over: 0,
    tally: emptyTally(),
  };
  const times = new Map(rows.map((row) => [row, countingTimeOf(row, input.timeZone)]));
  const timeOf = (row: OfficeEnrollment) => times.get(row) ?? countingTimeOf(row, input.timeZone);
  const inFile = new Set(rows.map((row) => row.sourcedId));
  const dropped = new Set<string>();
  const drop = (row: Stored) => {
    plan.drop.push(row.id);
    if (row.status !== "DROPPED") plan.sections.add(row.sectionId);
    dropped.add(row.id);
  };
  for (const sourcedId of ended) {
    const same = stored.get(sourcedId);
    if (same && same.origin === "OFFICE") drop(same);
    plan.tally[same && same.status !== "DROPPED" ? "ended" : "unchanged"] += 1;
  }
  const leaving = [...input.released.flatMap((id) => stored.get(id) ?? []), ...(await liveRowsOf(tx, input.gone))];
  for (const row of leaving) {
    if (row.status === "DROPPED" || dropped.has(row.id)) continue;
    if (row.origin === "SELF") plan.ownOfGone.set(row.studentId, (plan.ownOfGone.get(row.studentId) ?? 0) + 1);
    else {
      drop(row);
      plan.tally.ended += 1;
    }
  }
  // First what lets go, then what takes: a row may move to a place that another one leaves.
  for (const row of rows) {
    const same = stored.get(row.sourcedId);
    if (!same) continue;
    const isElsewhere = same.studentId !== row.studentId || same.sectionId !== row.sectionId;
    if (isElsewhere || beginsAnew(same, row, phaseOf(timeOf(row), now))) drop(same);
  }
  const taken = new Set<string>();
  for (const row of rows) {
    const same = stored.get(row.sourcedId);
    const place = `${row.studentId} ${row.sectionId}`;
    const time = timeOf(row);
    const phase = phaseOf(time, now);
    if (phase === "ahead") plan.ahead += 1;
    if (phase === "over") plan.over += 1;
    if (same && !dropped.has(same.id)) {
      const isLeft = same.status === "DROPPED" && !same.endedByDate;
      if (isLeft) plan.left.push({ sourcedId: row.sourcedId, why: "droppedSince" });
      const isRedated = same.status !== "DROPPED" && !sameDays(same, row);
      if (isRedated) {
        plan.redate.push({ ...row, ...time, id: same.id, status: STATUS_OF_PHASE[phase] });
        plan.sections.add(same.sectionId);
      }
      plan.tally[isRedated ? "changed" : "unchanged"] += 1;
      continue;
    }
    const there = live.get(place);
    // What is to come or is over is in nobody's way.
    if (phase !== "within") {
      plan.create.push({ ...row, ...time, id: newId(now.getTime()), status: STATUS_OF_PHASE[phase] });
      plan.sections.add(row.sectionId);
      plan.tally[same ? "changed" : "created"] += 1;
      continue;
    }
    if (taken.has(place)) {
      plan.left.push({ sourcedId: row.sourcedId, why: "twice" });
      plan.tally.unchanged += 1;
    } else if (there && !dropped.has(there.id)) {
      if (there.status === "WAITLISTED") plan.left.push({ sourcedId: row.sourcedId, why: "waitlistedByStudent" });
      const adopts = there.origin === "OFFICE" && !(there.sourcedId !== null && inFile.has(there.sourcedId));
      if (adopts) {
        plan.adopt.push({ id: there.id, sourcedId: row.sourcedId });
        if (!sameDays(there, row)) plan.redate.push({ ...row, ...time, id: there.id, status: "ENROLLED" });
      }
      if (!adopts && there.origin === "OFFICE") plan.left.push({ sourcedId: row.sourcedId, why: "twice" });
      plan.tally[adopts ? "changed" : "unchanged"] += 1;
    } else {
      // What a section begins with has been in it from the start, or its past sheets would be empty. Who comes later
      // counts from now: the past sheets do not change.
      const usually = same || used.has(row.sectionId) ? now : null;
      const countsFrom = time.countsFrom ?? usually;
      plan.create.push({ ...row, ...time, countsFrom, id: newId(now.getTime()), status: "ENROLLED" });
      plan.sections.add(row.sectionId);
      plan.tally[same ? "changed" : "created"] += 1;
    }
    taken.add(place);
  }
  return plan;
}

/** Writes the plan; the seats of `plan.sections` must be counted anew afterwards, in the same transaction. */
export async function applyEnrollments(tx: Tx, schoolId: string, plan: EnrollmentPlan, now: Date): Promise<void> {
  if (plan.drop.length > 0) {
    await tx.$executeRaw`
      UPDATE enrollment
      SET status = 'DROPPED', dropped_at = coalesce(dropped_at, ${now}), sourced_id = NULL,
          counts_until = LEAST(counts_until, ${now}::timestamptz)
      WHERE id = ANY(${plan.drop}::text[]) AND origin = 'OFFICE'`;
  }
  for (const rows of inChunks(plan.adopt)) {
    await tx.$executeRaw`
      UPDATE enrollment e SET sourced_id = r."sourcedId"
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id text, "sourcedId" text) WHERE e.id = r.id`;
  }
  for (const rows of inChunks(plan.redate)) {
    // A first day that is not said any more leaves what counted until now.
    await tx.$executeRaw`
      UPDATE enrollment e
      SET status = r.status::"EnrollmentStatus", dropped_at = CASE WHEN r.status = 'DROPPED' THEN ${now}::timestamptz END,
          begins_on = r."beginsOn", ends_on = r."endsOn", counts_until = r."countsUntil",
          counts_from = CASE WHEN r."countsFrom" IS NOT NULL THEN r."countsFrom"
                             WHEN e.begins_on IS NULL THEN e.counts_from
                             ELSE LEAST(e.counts_from, ${now}::timestamptz) END
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS r(id text, status text, "beginsOn" date, "endsOn" date, "countsFrom" timestamptz, "countsUntil" timestamptz)
      WHERE e.id = r.id`;
  }
  for (const rows of inChunks(plan.create)) {
    await tx.$executeRaw`
      INSERT INTO enrollment (id, school_id, section_id, student_id, course_id, term_id, status, origin, sourced_id,
                              enrolled_at, dropped_at, begins_on, ends_on, counts_from, counts_until)
      SELECT r.id, ${schoolId}, r."sectionId", r."studentId", r."courseId", r."termId", r.status::"EnrollmentStatus",
             'OFFICE', r."sourcedId", ${now}, CASE WHEN r.status = 'DROPPED' THEN ${now}::timestamptz END,
             r."beginsOn", r."endsOn", r."countsFrom", r."countsUntil"
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS r(id text, "sectionId" text, "studentId" text, "courseId" text, "termId" text, "sourcedId" text, status text,
             "beginsOn" date, "endsOn" date, "countsFrom" timestamptz, "countsUntil" timestamptz)`;
  }
}

function sameDays(a: OfficeDays, b: OfficeDays): boolean {
  return a.beginsOn === b.beginsOn && a.endsOn === b.endsOn;
}

/** With its other days a row that has ended lives again, or one that lives is still to come: that is another enrollment. */
function beginsAnew(stored: Stored, row: OfficeEnrollment, phase: OfficePhase): boolean {
  if (stored.origin !== "OFFICE" || sameDays(stored, row)) return false;
  return stored.status === "DROPPED" ? stored.endedByDate === true : stored.status === "ENROLLED" && phase === "ahead";
}

// Whoever dropped it did so before its last day was over. Two hours: a midnight that the clock's change brings twice.
const STORED = Prisma.sql`
  e.id, e.sourced_id AS "sourcedId", e.student_id AS "studentId", e.section_id AS "sectionId", e.status::text,
  e.origin::text, e.begins_on::text AS "beginsOn", e.ends_on::text AS "endsOn",
  e.status = 'DROPPED' AND e.ends_on IS NOT NULL AND e.counts_until > ((e.ends_on + 1)::timestamp
    AT TIME ZONE (SELECT o.time_zone FROM school o WHERE o.id = e.school_id)) - interval '2 hours' AS "endedByDate"`;

/** Keeps the course and the term that live enrollments carry equal to those of their sections. */
export async function followSections(tx: Tx, sectionIds: readonly string[]): Promise<void> {
  if (sectionIds.length === 0) return;
  await tx.$executeRaw`
    UPDATE enrollment e SET course_id = s.course_id, term_id = s.term_id
    FROM section s
    WHERE s.id = ANY(${[...sectionIds]}::text[]) AND e.section_id = s.id AND e.status <> 'DROPPED'
      AND (e.course_id, e.term_id) IS DISTINCT FROM (s.course_id, s.term_id)`;
}

/** Which of these people are enrolled or waiting somewhere in the school now. */
export async function enrolledAmong(tx: Tx, schoolId: string, userIds: readonly string[]): Promise<Set<string>> {
  if (userIds.length === 0) return new Set();
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT student_id AS id FROM enrollment
    WHERE school_id = ${schoolId} AND student_id = ANY(${[...userIds]}::text[]) AND status <> 'DROPPED'`;
  return new Set(rows.map((row) => row.id));
}

async function bySourcedId(tx: Tx, input: OfficeInput): Promise<Map<string, Stored>> {
  const sourcedIds = [...input.rows.map((row) => row.sourcedId), ...input.ended, ...input.released];
  const found = new Map<string, Stored>();
  for (const ids of inChunks(sourcedIds, 20_000)) {
    const rows = await tx.$queryRaw<Stored[]>`
      SELECT ${STORED} FROM enrollment e
      WHERE e.school_id = ${input.schoolId} AND e.sourced_id = ANY(${ids}::text[])`;
    for (const row of rows) if (row.sourcedId !== null) found.set(row.sourcedId, row);
  }
  return found;
}

/** Which sections have or had anybody in them. */
async function sectionsWithEnrollments(tx: Tx, sectionIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT s.id FROM section s
    WHERE s.id = ANY(${[...new Set(sectionIds)]}::text[])
      AND EXISTS (SELECT 1 FROM enrollment e WHERE e.section_id = s.id)`;
  return new Set(rows.map((row) => row.id));
}

async function liveRowsOf(tx: Tx, studentIds: readonly string[]): Promise<Stored[]> {
  if (studentIds.length === 0) return [];
  return tx.$queryRaw<Stored[]>`
    SELECT ${STORED} FROM enrollment e
    WHERE e.student_id = ANY(${[...studentIds]}::text[]) AND e.status <> 'DROPPED'`;
}

async function liveRows(tx: Tx, rows: readonly OfficeEnrollment[]): Promise<Map<string, Stored>> {
  const found = new Map<string, Stored>();
  const pairs = rows.map(({ studentId, sectionId }) => ({ studentId, sectionId }));
  for (const chunk of inChunks(pairs, 10_000)) {
    const live = await tx.$queryRaw<Stored[]>`
      SELECT ${STORED}
      FROM jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb) AS r("studentId" text, "sectionId" text)
      JOIN enrollment e ON e.student_id = r."studentId" AND e.section_id = r."sectionId"
        AND e.status IN ('ENROLLED', 'WAITLISTED')`;
    for (const row of live) found.set(`${row.studentId} ${row.sectionId}`, row);
  }
  return found;
}
