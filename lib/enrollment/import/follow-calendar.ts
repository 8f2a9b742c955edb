import { audit } from "@/lib/platform/db/audit";
import { type Db, transaction, type Tx } from "@/lib/platform/db/client";
import { appendEvents, type NewEvent } from "@/lib/platform/events/log/outbox";
import { lockTogether } from "@/lib/platform/db/locks";
import { newId } from "@/lib/shared/ids";
import { recountSeats } from "./recount-seats";

type Due = {
  id: string;
  studentId: string;
  status: "ENROLLED" | "PLANNED";
  /** Its last day has passed. */
  isOver: boolean;
  /** The student has a live enrollment in the section already. */
  isThere: boolean;
  schoolId: string;
  sectionCode: string;
  sectionTitle: string;
};

/** What the calendar has done to enrollments. */
export type CalendarStep = { begun: number; ended: number };

const MAX_SECTIONS = 500;

/**
 * Begins the office's enrollments whose first day has come and ends those whose last day has passed: seats are taken and
 * freed, `student_enrolled` and `student_dropped` are published as when students do it. One transaction a section, under
 * the locks of enrolling: it may be killed anywhere, run late, and run in several processes at once. Lists of classes do not
 * wait for it, they go by the time in which an enrollment counts.
 */
export async function followCalendar(client: Db, now: Date, signal?: AbortSignal): Promise<CalendarStep> {
  const sections = await client.$queryRaw<{ id: string }[]>`
    SELECT section_id AS id FROM enrollment WHERE status = 'PLANNED' AND counts_from <= ${now}
    UNION SELECT section_id FROM enrollment WHERE status = 'ENROLLED' AND counts_until <= ${now}
    ORDER BY id LIMIT ${MAX_SECTIONS}`;
  const done: CalendarStep = { begun: 0, ended: 0 };
  for (const { id } of sections) {
    if (signal?.aborted) break;
    const step = await transaction((tx) => followInSection(tx, id, now), client);
    done.begun += step.begun;
    done.ended += step.ended;
  }
  return done;
}

async function followInSection(tx: Tx, sectionId: string, now: Date): Promise<CalendarStep> {
  const before = await dueIn(tx, sectionId, now);
  await lockTogether(tx, [
    ["section", [sectionId]],
    ["student", [...new Set(before.map(({ studentId }) => studentId))]],
  ]);
  const locked = new Set(before.map(({ studentId }) => studentId));
  const due = (await dueIn(tx, sectionId, now)).filter(({ studentId }) => locked.has(studentId));
  const [first] = due;
  if (!first) return { begun: 0, ended: 0 };
  const leave = due.filter(({ status, isOver }) => status === "ENROLLED" && isOver);
  const leaving = new Set(leave.map(({ studentId }) => studentId));
  const planned = due.filter(({ status }) => status === "PLANNED");
  const begin: Due[] = [];
  const seen = new Set<string>();
  for (const row of planned) {
    // Who is in the section already stays in it by the enrollment they have.
    const isFree = !seen.has(row.studentId) && (!row.isThere || leaving.has(row.studentId));
    if (row.isOver || !isFree) continue;
    seen.add(row.studentId);
    begin.push(row);
  }
  const idle = planned.filter((row) => !begin.includes(row));
  await tx.$executeRaw`
    UPDATE enrollment SET status = 'DROPPED', dropped_at = ${now}, counts_until = LEAST(counts_until, ${now}::timestamptz)
    WHERE id = ANY(${[...leave, ...idle].map(({ id }) => id)}::text[])`;
  await tx.$executeRaw`
    UPDATE enrollment SET status = 'ENROLLED' WHERE id = ANY(${begin.map(({ id }) => id)}::text[])`;
  await recountSeats(tx, [sectionId]);
  const entry = (row: Due, action: string) => ({
    action,
    objectType: "enrollment",
    objectId: row.id,
    details: { sectionId, from: row.status },
  });
  const actor = { userId: "calendar", schoolId: first.schoolId };
  await audit(tx, { actor, requestId: newId(now.getTime()), now, source: "worker" }, [
    ...leave.map((row) => entry(row, "enrollment.ended")),
    ...begin.map((row) => entry(row, "enrollment.begun")),
  ]);
  await appendEvents(tx, now, [
    ...leave.map((row) => eventOf(row, sectionId, "student_dropped")),
    ...begin.map((row) => eventOf(row, sectionId, "student_enrolled")),
  ]);
  return { begun: begin.length, ended: leave.length };
}

function dueIn(tx: Tx, sectionId: string, now: Date): Promise<Due[]> {
  return tx.$queryRaw<Due[]>`
    SELECT e.id, e.student_id AS "studentId", e.status::text AS status, e.school_id AS "schoolId",
           (e.counts_until IS NOT NULL AND e.counts_until <= ${now}) AS "isOver",
           EXISTS (SELECT 1 FROM enrollment o WHERE o.section_id = e.section_id AND o.student_id = e.student_id
                     AND o.id <> e.id AND o.status IN ('ENROLLED', 'WAITLISTED')) AS "isThere",
           s.code AS "sectionCode", s.title AS "sectionTitle"
    FROM enrollment e JOIN section s ON s.id = e.section_id
    WHERE e.section_id = ${sectionId}
      AND ((e.status = 'PLANNED' AND e.counts_from <= ${now}) OR (e.status = 'ENROLLED' AND e.counts_until <= ${now}))
    ORDER BY e.counts_from, e.id`;
}

function eventOf(row: Due, sectionId: string, type: "student_enrolled" | "student_dropped"): NewEvent {
  return {
    type,
    key: sectionId,
    data: {
      enrollmentId: row.id,
      studentId: row.studentId,
      sectionId,
      sectionCode: row.sectionCode,
      sectionTitle: row.sectionTitle,
      schoolId: row.schoolId,
      status: type === "student_enrolled" ? "ENROLLED" : "DROPPED",
    },
  };
}
