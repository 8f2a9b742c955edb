import { db, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { cancelImport } from "../job/imports";
import { listImports, readImport, type ImportState } from "../job/read-imports";

const SHOWN = 20;

/** The newest imports that administrators of the actor's school asked for in the browser. Errors: `forbidden`. */
export async function ownImports(ctx: Context, client: Db = db()): Promise<ImportState[]> {
  requireRole(ctx, "ADMIN");
  return listImports(client, SHOWN, ctx.actor.schoolId);
}

/** One of them. Errors: `forbidden`, `not_found`. */
export async function ownImport(ctx: Context, { id }: { id: string }, client: Db = db()): Promise<ImportState> {
  requireRole(ctx, "ADMIN");
  const state = await readImport(client, id, ctx.actor.schoolId);
  if (!state) throw new AppError("not_found", { detail: say("detail.importGone") });
  return state;
}

/**
 * Asks for the end of one of them, and throws the files of a preview away. One that has ended stays as it is. Errors: `forbidden`,
 * `not_found`.
 */
export async function cancelOwnImport(ctx: Context, { id }: { id: string }, client: Db = db()): Promise<void> {
  const state = await ownImport(ctx, { id }, client);
  if (state.canFollow) await client.$executeRaw`DELETE FROM roster_import_chunk WHERE import_id = ${id}`;
  else await cancelImport(client, id);
}
