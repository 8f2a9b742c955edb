import { db, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { recentMarksOfFamily, versionOf } from "./student-marks";

/**
 * A word that changes whenever a mark that counts (see `announcedSheet`) of one of the guardian's own students in a recent
 * class is made or changed: what an open page asks for every few seconds. `familyDay` answers the same word.
 */
export async function familyVersion(ctx: Context, client: Db = db()): Promise<{ version: string }> {
  requireRole(ctx, "GUARDIAN");
  return { version: versionOf(await recentMarksOfFamily(client, ctx.actor, ctx.now)) };
}
