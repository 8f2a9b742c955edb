import { mkdir, open, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { type Db, transaction, type Tx } from "./client";
import { inBatches, type Removal } from "./in-batches";

/** Advisory lock class of who archives: one process at a time, because all append to the same files. */
const ARCHIVE_LOCK_CLASS = 7300;
const BATCH = 500;
const NEW_LINE = 0x0a;

export type AuditRetention = Removal & {
  years: number;
  /** The archive is the folder `audit-archive` in it. */
  dataDir: string;
};

/**
 * Deletes audit entries older than `years`, each only when it is on disk as a JSON line in the file of its month
 * (`2019-11.jsonl`, UTC; mode 0600). When the archive cannot be written this throws and nothing is deleted. A crash
 * between the two writes an entry again: lines with the same `id` are one entry. Answers how many were deleted; 0 while
 * another process archives.
 */
export async function archiveOldAudit(client: Db, retention: AuditRetention): Promise<number> {
  return inBatches(retention.signal, () => transaction((tx) => archiveSome(tx, retention), client));
}

async function archiveSome(tx: Tx, { now, years, dataDir }: AuditRetention): Promise<number> {
  // Nothing is written to the database before the files are, so this transaction has no id yet and holds no reader of the
  // outbox back while the disk works.
  const [lock] = await tx.$queryRaw<{ held: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(${ARCHIVE_LOCK_CLASS}::int, 0) AS held`;
  if (!lock?.held) return 0;
  // School by school, for which the largest table of all has an index already; the schools are found by jumping along it.
  const old = await tx.$queryRaw<{ id: string; month: string; line: string }[]>`
    WITH RECURSIVE schools AS (
      SELECT min(school_id) AS id FROM audit_entry
      UNION ALL
      SELECT (SELECT min(school_id) FROM audit_entry WHERE school_id > schools.id) FROM schools WHERE id IS NOT NULL
    )
    SELECT e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, to_jsonb(e)::text AS line
    FROM schools CROSS JOIN LATERAL (
      SELECT * FROM audit_entry a
      WHERE a.school_id = schools.id AND a.at < ${now}::timestamptz - ${years}::int * interval '1 year'
      ORDER BY a.at LIMIT ${BATCH}
    ) AS e
    LIMIT ${BATCH}`;
  if (old.length === 0) return 0;
  const folder = path.join(dataDir, "audit-archive");
  if (await mkdir(folder, { recursive: true, mode: 0o700 })) await sync(dataDir);
  for (const [month, entries] of Map.groupBy(old, (entry) => entry.month))
    await appendLines(path.join(folder, `${month}.jsonl`), entries.map(({ line }) => `${line}\n`).join(""));
  await sync(folder);
  // Without this word the table refuses (migration audit_is_kept).
  await tx.$queryRaw<{ set: string }[]>`SELECT set_config('campus.audit_is_archived', 'on', true) AS set`;
  return tx.$executeRaw`DELETE FROM audit_entry WHERE id = ANY(${old.map(({ id }) => id)}::text[])`;
}

/** Appends and waits until it is on disk. When that fails the file is as it was, as far as the disk allows. */
async function appendLines(file: string, lines: string): Promise<void> {
  const handle = await open(file, "a+", 0o600);
  try {
    const { size } = await handle.stat();
    try {
      // A line that a crash cut off ends here; its entry was not deleted, and comes again whole.
      await handle.appendFile((await isCutOff(handle, size)) ? `\n${lines}` : lines);
      await handle.sync();
    } catch (error) {
      await handle.truncate(size).catch(() => undefined);
      throw error;
    }
  } finally {
    await handle.close();
  }
}

async function isCutOff(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== NEW_LINE;
}

/** That a name is in a folder is on disk only when the folder is. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
