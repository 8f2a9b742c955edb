import { type ClassSessionInfo, classSessionOfTeacher } from "@/lib/catalog/class-sessions/queries";
import { studentsOfGuardian } from "@/lib/identity/people/people";
import type { Db, Tx } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";

/**
 * The class session, if the actor teaches its section now. One of somebody else, of another school or none at all answer
 * alike: `class_session_not_found`.
 */
export async function taughtClassSession(
  ctx: Context,
  client: Db | Tx,
  classSessionId: string,
): Promise<ClassSessionInfo> {
  requireRole(ctx, "TEACHER");
  const session = await classSessionOfTeacher(client, ctx.actor, classSessionId);
  if (!session) throw new AppError("class_session_not_found", { detail: say("detail.classNotYours") });
  return session;
}

/** The student, if the actor is a guardian of theirs; else `not_found`, whether the student exists or not. */
export async function ownStudent(
  ctx: Context,
  client: Db | Tx,
  studentId: string,
): Promise<{ id: string; name: string }> {
  requireRole(ctx, "GUARDIAN");
  const student = (await studentsOfGuardian(client, ctx.actor.schoolId, ctx.actor.userId)).find(
    ({ id }) => id === studentId,
  );
  if (!student) throw new AppError("not_found", { detail: say("detail.studentNotYours") });
  return student;
}
