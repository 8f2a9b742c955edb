import type { Db } from "@/lib/platform/db/client";
import type { Refusal, StoredReport } from "../run/report";
import type { ImportFailure } from "./end-import";

/** How far an import is, and what came of it. */
export type ImportState = {
  id: string;
  status: "STORING" | "QUEUED" | "RUNNING" | "DONE" | "REFUSED" | "FAILED" | "CANCELLED";
  phase: "STORE" | "READ" | "COMPARE" | "WRITE";
  /** Of `total`, in bytes, steps or records; a `total` of 0 is not known. */
  done: number;
  total: number;
  dryRun: boolean;
  isCancelRequested: boolean;
  /** Of a preview in the browser: it still has its files, and can become an import. */
  canFollow: boolean;
  /** Of a preview: the import that it became. */
  followedById: string | null;
  /** Milliseconds since its process last said how far it is, by the database's clock. */
  silentMs: number;
  createdAt: Date;
  finishedAt: Date | null;
  result:
    | { status: "DONE"; report: StoredReport }
    | { status: "REFUSED"; refusal: Refusal }
    | { status: "FAILED"; failure: ImportFailure; reason: string | null }
    | null;
};

type Row = Omit<ImportState, "result"> & {
  report: StoredReport | Refusal | null;
  errorCode: string | null;
  errorReason: string | null;
};

/** One import, or null; also null when `targetSchoolId` is given and it is not one of that school's browser imports. */
export async function readImport(client: Db, id: string, targetSchoolId?: string): Promise<ImportState | null> {
  if (targetSchoolId !== undefined && !(await isOfSchool(client, id, targetSchoolId))) return null;
  const [state] = await read(client, [id]);
  return state ?? null;
}

async function isOfSchool(client: Db, id: string, targetSchoolId: string): Promise<boolean> {
  return (await client.rosterImport.count({ where: { id, targetSchoolId } })) > 0;
}

/** The newest imports, newest first; of one school those that somebody asked for in the browser. */
export async function listImports(client: Db, most = 20, targetSchoolId?: string): Promise<ImportState[]> {
  const rows = await client.rosterImport.findMany({
    where: targetSchoolId === undefined ? {} : { targetSchoolId },
    select: { id: true },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: most,
  });
  return read(
    client,
    rows.map(({ id }) => id),
  );
}

async function read(client: Db, ids: readonly string[]): Promise<ImportState[]> {
  const rows = await client.$queryRaw<Row[]>`
    SELECT id, status, phase, done, total, dry_run AS "dryRun", cancel_requested_at IS NOT NULL AS "isCancelRequested",
      (extract(epoch FROM clock_timestamp() - moved_at) * 1000)::float8 AS "silentMs", created_at AS "createdAt",
      finished_at AS "finishedAt", followed_by_id AS "followedById",
      status = 'DONE' AND dry_run AND EXISTS (SELECT 1 FROM roster_import_chunk c WHERE c.import_id = i.id) AS "canFollow", report, error_code AS "errorCode", error_reason AS "errorReason"
    FROM roster_import i WHERE id = ANY(${[...ids]}::text[]) ORDER BY created_at DESC, id DESC`;
  return rows.map(({ report, errorCode, errorReason, ...state }) => ({
    ...state,
    result: resultOf(state.status, report, errorCode, errorReason),
  }));
}

// Rows are written by `endImport` alone, so a report is what its state says.
function resultOf(
  status: ImportState["status"],
  report: Row["report"],
  errorCode: string | null,
  reason: string | null,
): ImportState["result"] {
  if (status === "DONE") return { status, report: report as StoredReport };
  if (status === "REFUSED") return { status, refusal: report as Refusal };
  if (status === "FAILED") return { status, failure: errorCode as ImportFailure, reason };
  return null;
}
