import type { Tx } from "./db";

/**
 * What can be locked, in the one global order in which a transaction takes locks. Two transactions that lock several
 * things can then never wait for each other in a circle.
 */
const LOCK_CLASSES = ["school", "section", "classSession", "student", "user"] as const;
export type LockClass = (typeof LOCK_CLASSES)[number];
const FIRST_CLASS_KEY = 7100;

type Held = { last: number; ids: Map<LockClass, Set<string>> };
const held = new WeakMap<Tx, Held>();

/**
 * Takes transaction-level advisory locks on entities, sorted, until the transaction ends. Must come before the first
 * write (the database is asked: a transaction that already has an id fails): an id taken before waiting would let a
 * later commit stand earlier in the outbox, and events of one key would come out of order. Classes in the order
 * school → section → classSession → student → user; asking backwards throws.
 */
export async function lockEntities(tx: Tx, lockClass: LockClass, ids: readonly string[]): Promise<void> {
  await lockTogether(tx, [[lockClass, ids]]);
}

/** As `lockEntities`, for entities of several classes in one statement; the classes must stand in lock order. */
export async function lockTogether(
  tx: Tx,
  wanted: readonly (readonly [LockClass, readonly string[]])[],
): Promise<void> {
  const groups = wanted.filter(([, ids]) => ids.length > 0);
  if (groups.length === 0) return;
  const state = held.get(tx) ?? { last: -1, ids: new Map<LockClass, Set<string>>() };
  for (const [lockClass, ids] of groups) {
    const rank = LOCK_CLASSES.indexOf(lockClass);
    if (rank <= state.last) throw new Error(`lock order: ${lockClass} after ${LOCK_CLASSES[state.last] ?? "?"}`);
    state.last = rank;
    state.ids.set(lockClass, new Set(ids));
  }
  const classes = groups.flatMap(([lockClass, ids]) =>
    ids.map(() => FIRST_CLASS_KEY + LOCK_CLASSES.indexOf(lockClass)),
  );
  const rows = await tx.$queryRaw<{ assigned: boolean }[]>`
    WITH keys AS MATERIALIZED (
      SELECT DISTINCT class, hashtext(id) AS key
      FROM unnest(${classes}::int[], ${groups.flatMap(([, ids]) => ids)}::text[]) AS wanted(class, id) ORDER BY 1, 2
    )
    SELECT pg_advisory_xact_lock(class, key)::text AS locked, pg_current_xact_id_if_assigned() IS NOT NULL AS assigned
    FROM keys`;
  if (rows.some((row) => row.assigned)) throw new Error("lock order: locks asked for after the first write");
  held.set(tx, state);
}

/** True when this transaction has locked the entity. */
export function holdsLock(tx: Tx, lockClass: LockClass, id: string): boolean {
  return held.get(tx)?.ids.get(lockClass)?.has(id) ?? false;
}
