import { db, transaction, type Db } from "@/lib/platform/db/client";
import { addJob } from "@/lib/platform/jobs/add-job";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { say } from "@/lib/shared/say";
import { QUEUE, ROSTER_IMPORT } from "../job/kind";
import type { StoredReport } from "../run/report";

/** Of the people whom a roster names: when it ends more of them than this, how many is to be typed. */
const MANY_ENDS = 0.05;

/** How many people an import would end, when that is so many that it is to be confirmed; else 0. */
export function endsToConfirm({ tallies: { users } }: Pick<StoredReport, "tallies">): number {
  const before = users.unchanged + users.changed + users.ended;
  return users.ended > before * MANY_ENDS ? users.ended : 0;
}

/**
 * Imports what a preview of the actor's school has shown, from the same files, and answers the id of that import; asked again it
 * answers the same id. What changed in the school since is compared anew. Errors: `forbidden`, `not_found` for a preview that is
 * not there, has not come through, or whose files are gone, `invalid_request` (`errors[0].path` is `ends`) when it ends so many
 * people that their number is to be given (`endsToConfirm`) and was not.
 */
export async function importPreview(
  ctx: Context,
  { id, ends }: { id: string; ends?: number | undefined },
  client: Db = db(),
): Promise<{ id: string }> {
  requireRole(ctx, "ADMIN");
  const { schoolId, userId } = ctx.actor;
  return transaction(async (tx) => {
    const [preview] = await tx.$queryRaw<{ followedById: string | null; report: StoredReport | null }[]>`
      SELECT followed_by_id AS "followedById", CASE WHEN status = 'DONE' AND dry_run THEN report END AS report FROM roster_import
      WHERE id = ${id} AND target_school_id = ${schoolId} FOR UPDATE`;
    if (preview?.followedById) return { id: preview.followedById };
    if (!preview?.report) throw new AppError("not_found", { detail: say("detail.importGone") });
    const most = endsToConfirm(preview.report); // rows are written by `endImport` alone
    if (most > 0 && ends !== most)
      throw new AppError("invalid_request", {
        detail: say("detail.correctFields"),
        errors: [{ path: "ends", code: "ends", message: say("field.ends") }],
      });
    const next = newId(ctx.now.getTime());
    const jobId = await addJob(tx, ROSTER_IMPORT, { importId: next }, { queue: QUEUE });
    await tx.$executeRaw`
      INSERT INTO roster_import (id, status, job_id, dry_run, time_zone, public_url, target_school_id, asked_by_id)
      SELECT ${next}, 'QUEUED', ${jobId}, false, time_zone, public_url, target_school_id, ${userId}
      FROM roster_import WHERE id = ${id}`;
    const moved = await tx.$executeRaw`UPDATE roster_import_chunk SET import_id = ${next} WHERE import_id = ${id}`;
    if (moved === 0) throw new AppError("not_found", { detail: say("detail.previewOver") });
    await tx.$executeRaw`UPDATE roster_import SET followed_by_id = ${next} WHERE id = ${id}`;
    return { id: next };
  }, client);
}
