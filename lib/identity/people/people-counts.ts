import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { db, type Db } from "@/lib/platform/db/client";

export type PeopleOverview = {
  students: number;
  teachers: number;
  guardians: number;
  studentsWithoutGuardian: number;
  /** Who still has the password that an import gave. */
  initialPasswords: number;
};

/** How many active people a school has, by role (a person with two roles counts in both). For the office; else `forbidden`. */
export async function peopleOverview(ctx: Context, client: Db = db()): Promise<PeopleOverview> {
  requireRole(ctx, "ADMIN");
  const [row] = await client.$queryRaw<PeopleOverview[]>`
    SELECT count(*) FILTER (WHERE 'STUDENT' = ANY(u.roles))::int AS students,
           count(*) FILTER (WHERE 'TEACHER' = ANY(u.roles))::int AS teachers,
           count(*) FILTER (WHERE 'GUARDIAN' = ANY(u.roles))::int AS guardians,
           count(*) FILTER (WHERE 'STUDENT' = ANY(u.roles) AND guarded.id IS NULL)::int AS "studentsWithoutGuardian",
           count(*) FILTER (WHERE u.password_initial)::int AS "initialPasswords"
      FROM app_user u LEFT JOIN (
        SELECT DISTINCT g.student_id AS id FROM guardianship g
          JOIN app_user p ON p.id = g.guardian_id AND p.school_id = ${ctx.actor.schoolId}) AS guarded ON guarded.id = u.id
     WHERE u.school_id = ${ctx.actor.schoolId} AND u.active`;
  return row ?? { students: 0, teachers: 0, guardians: 0, studentsWithoutGuardian: 0, initialPasswords: 0 };
}
