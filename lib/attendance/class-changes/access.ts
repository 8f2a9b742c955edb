import {
  type ClassSessionInfo,
  classSessionOfSchool,
  classSessionOfTeacher,
} from "@/lib/catalog/class-sessions/queries";
import type { Db, Tx } from "@/lib/platform/db/client";
import { hasRole, requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";

/**
 * The class session, if the actor may cancel or move it: the teachers of its section, and the office of its school. For
 * other teachers and offices it answers `class_session_not_found`, as one that does not exist; for anybody else `forbidden`.
 */
export async function changeableClassSession(
  ctx: Context,
  client: Db | Tx,
  classSessionId: string,
): Promise<ClassSessionInfo> {
  requireRole(ctx, "TEACHER", "ADMIN");
  const session = hasRole(ctx, "ADMIN")
    ? await classSessionOfSchool(client, ctx.actor.schoolId, classSessionId)
    : await classSessionOfTeacher(client, ctx.actor, classSessionId);
  if (!session) throw new AppError("class_session_not_found", { detail: say("detail.classNotYours") });
  return session;
}
