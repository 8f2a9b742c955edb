import { schoolOf, type SchoolInfo } from "./people";
import { db, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";

/** The school of the actor: its name and zone, for pages. */
export function schoolOfActor(ctx: Context, client: Db = db()): Promise<SchoolInfo> {
  return schoolOf(client, ctx.actor.schoolId);
}
