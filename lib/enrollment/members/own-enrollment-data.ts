import { db, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";

/** An enrollment as its student may read it. Instants are ISO 8601 in JSON. */
export type OwnEnrollmentData = {
  section: string;
  title: string;
  status: string;
  enrolledAt: Date;
  droppedAt: Date | null;
};

/** Every enrollment of the signed-in person, the newest first. */
export async function ownEnrollmentData(ctx: Context, client: Db = db()): Promise<OwnEnrollmentData[]> {
  const { userId, schoolId } = ctx.actor;
  return client.$queryRaw<OwnEnrollmentData[]>`
    SELECT s.code AS section, s.title, e.status::text AS status, e.enrolled_at AS "enrolledAt", e.dropped_at AS "droppedAt"
    FROM enrollment e JOIN section s ON s.id = e.section_id
    WHERE e.student_id = ${userId} AND e.school_id = ${schoolId} ORDER BY e.enrolled_at DESC, e.id DESC`;
}
