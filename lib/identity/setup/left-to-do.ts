import { db, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { countWaiting } from "../invitations/waiting-people";

/** What the office has still to do before its school can work. */
export type LeftToDo = {
  awaitsRoster: boolean;
  /** How many people have neither a password nor a link that still works. */
  uninvited: number;
};

/** What is left to do in the actor's school. Errors: `forbidden`. */
export async function leftToDo(ctx: Context, client: Db = db()): Promise<LeftToDo> {
  requireRole(ctx, "ADMIN");
  const { schoolId } = ctx.actor;
  const school = await client.school.findUniqueOrThrow({ where: { id: schoolId }, select: { awaitsRoster: true } });
  const groups = Object.values(await countWaiting(client, schoolId));
  const uninvited = groups.reduce((sum, { waiting, linked }) => sum + waiting - linked, 0);
  return { awaitsRoster: school.awaitsRoster, uninvited };
}
