import { schoolOf, type SchoolInfo } from "./people";
import { db, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";

const asked = new WeakMap<Context, { client: Db; school: Promise<SchoolInfo> }>();

/**
 * The school of the actor, for reads: its name, zone and rules. Read once for a context, which lives as long as one
 * request, however many parts of an answer need it.
 */
export function schoolOfActor(ctx: Context, client: Db = db()): Promise<SchoolInfo> {
  const known = asked.get(ctx);
  if (known?.client === client) return known.school;
  const school = schoolOf(client, ctx.actor.schoolId);
  asked.set(ctx, { client, school });
  school.catch(() => asked.delete(ctx));
  return school;
}
