import type pg from "pg";

export interface AdvisoryLocks {
  /** False: of who waits. */
  isGranted: boolean;
  /** The first and the last class of two-key locks; without them, all. */
  classes?: readonly [number, number];
}

/**
 * The sessions that hold, or wait for, advisory locks of this database, one entry a lock. The server's table of locks is that
 * of all its databases, and test files that run at the same time share the server.
 */
export async function advisoryLocks(pool: pg.Pool, { isGranted, classes }: AdvisoryLocks): Promise<number[]> {
  const [from, to] = classes ?? [0, 2 ** 31 - 1];
  const { rows } = await pool.query<{ pid: number }>(
    `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted = $1 AND classid BETWEEN $2 AND $3
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY pid`,
    [isGranted, from, to],
  );
  return rows.map(({ pid }) => pid);
}
