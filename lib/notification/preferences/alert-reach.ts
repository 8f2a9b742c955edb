import { db, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import type { Places } from "../channels/channel";
import { reachOf } from "../channels/registry";
import { isChannelOn, type Choice } from "./rules";

/** Whom an alert about each of some absences reaches. Guardians are counted once, however many students they have. */
export type AlertReach = {
  /** Guardians whom it reaches on a device, by mail or in the inbox. */
  notified: number;
  /** Those of them who get it in the inbox alone. */
  inboxOnly: number;
  /** Students without a guardian. */
  withoutGuardian: string[];
  /** Students with guardians none of whom it reaches: every channel is off, or pushes have no device. */
  unreachable: string[];
};

type Row = {
  studentId: string;
  guardianId: string | null;
  isMarker: boolean;
  choices: { channel: string; enabled: boolean }[];
} & Places;

/**
 * Whom alerts about these absences reach now, in one statement. For teachers, else `forbidden`; whether the students are
 * the teacher's own the caller has checked, who read their sheet. `markedById`: who made the mark and is not alerted about it (see `tell`). Students of another
 * school are left out; the others are named in the order in which they were given.
 */
export async function alertReach(
  ctx: Context,
  absences: readonly { studentId: string; markedById: string | null }[],
  client: Db = db(),
): Promise<AlertReach> {
  requireRole(ctx, "TEACHER");
  if (absences.length === 0) return { notified: 0, inboxOnly: 0, withoutGuardian: [], unreachable: [] };
  const rows = await client.$queryRaw<Row[]>`
    SELECT a.student_id AS "studentId", g.id AS "guardianId", coalesce(g.id = a.marked_by, false) AS "isMarker",
           COALESCE((SELECT jsonb_agg(jsonb_build_object('channel', p.channel, 'enabled', p.enabled))
             FROM notification_preference p WHERE p.user_id = g.id AND p.category = 'ABSENCE'), '[]') AS choices,
           EXISTS (SELECT 1 FROM push_subscription x WHERE x.user_id = g.id) AS "hasDevice",
           EXISTS (SELECT 1 FROM notification_setting q WHERE q.user_id = g.id AND q.refused_address = g.email)
             AS "isMailRefused"
    FROM unnest(${absences.map(({ studentId }) => studentId)}::text[],
                ${absences.map(({ markedById }) => markedById ?? "")}::text[]) WITH ORDINALITY AS a(student_id, marked_by, place)
    JOIN app_user s ON s.id = a.student_id AND s.school_id = ${ctx.actor.schoolId}
    LEFT JOIN (guardianship gs JOIN app_user g ON g.id = gs.guardian_id AND g.active AND g.school_id = ${ctx.actor.schoolId}) ON gs.student_id = a.student_id
    ORDER BY a.place`;
  const direct = new Set<string>();
  const inbox = new Set<string>();
  const withoutGuardian: string[] = [];
  const unreachable: string[] = [];
  for (const [studentId, own] of Map.groupBy(rows, (row) => row.studentId)) {
    const guardians = own.filter(({ guardianId }) => guardianId !== null);
    if (guardians.length === 0) withoutGuardian.push(studentId);
    let isReached = guardians.some(({ isMarker }) => isMarker);
    for (const { guardianId, isMarker, choices, ...places } of guardians) {
      if (guardianId === null || isMarker) continue;
      const own = choices.map((choice): Choice => ({ ...choice, category: "absence" }));
      const reach = reachOf((channel) => isChannelOn(own, "absence", channel), places);
      if (reach === null) continue;
      (reach === "sent" ? direct : inbox).add(guardianId);
      isReached = true;
    }
    if (guardians.length > 0 && !isReached) unreachable.push(studentId);
  }
  return { notified: direct.size + inbox.size, inboxOnly: inbox.size, withoutGuardian, unreachable };
}
