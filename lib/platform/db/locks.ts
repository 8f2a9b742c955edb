import type { Tx } from "./client";

/**
 * What can be locked, in the one global order in which a transaction takes locks. Two transactions that lock several
 * things can then never wait for each other in a circle.
 */
const LOCK_CLASSES = ["school", "section", "classSession", "student", "user"] as const;
export type LockClass = (typeof LOCK_CLASSES)[number];
const FIRST_CLASS_KEY = 7100;
/** Each class has a lock of the whole as well: who locks a few entities shares it, who locks very many has it alone. */
const FIRST_WHOLE_KEY = 7150;
/** The server's table of locks holds 6,400 with its default settings, for all transactions together. */
const MOST_BY_NAME = 1_000;

type Held = { last: number; ids: Map<LockClass, Set<string>> };
const held = new WeakMap<Tx, Held>();

/**
 * Takes transaction-level advisory locks on entities, sorted, until the transaction ends. Must come before the first
 * write (the database is asked: a transaction that already has an id fails): an id taken before waiting would let a
 * later commit stand earlier in the outbox, and events of one key would come out of order. Classes in the order
 * school → section → classSession → student → user; asking backwards throws. More than a thousand of a class are one lock of
 * the whole class: everybody else who locks one of it waits, of other schools too, until this transaction ends.
 */
export async function lockEntities(tx: Tx, lockClass: LockClass, ids: readonly string[]): Promise<void> {
  await lockTogether(tx, [[lockClass, ids]]);
}

/** Entities of several classes; the classes must stand in lock order. */
export type Wanted = readonly (readonly [LockClass, readonly string[]])[];

/** As `lockEntities`, for entities of several classes in one statement. */
export async function lockTogether(tx: Tx, wanted: Wanted): Promise<void> {
  const { classes, ids, ranks, alone } = keysOf(tx, wanted);
  if (ranks.length === 0) return;
  // Class by class, the lock of the whole before those of its entities: every transaction comes the same way.
  const rows = await tx.$queryRaw<{ locked: string | null; assigned: boolean }[]>`
    WITH keys AS MATERIALIZED (
      SELECT rank, 0 AS step, ${FIRST_WHOLE_KEY}::int + rank AS class, 0 AS key, alone
      FROM unnest(${ranks}::int[], ${alone}::boolean[]) AS whole(rank, alone)
      UNION SELECT class - ${FIRST_CLASS_KEY}::int, 1, class, hashtext(id), true
      FROM unnest(${classes}::int[], ${ids}::text[]) AS wanted(class, id) ORDER BY 1, 2, 4
    )
    SELECT CASE WHEN alone THEN pg_advisory_xact_lock(class, key)::text
                ELSE pg_advisory_xact_lock_shared(class, key)::text END AS locked,
           pg_current_xact_id_if_assigned() IS NOT NULL AS assigned
    FROM keys`;
  if (rows.some((row) => row.assigned)) throw afterFirstWrite();
  remember(tx, wanted, () => true);
}

/**
 * As `lockTogether`, but never waits: takes what is free and answers what another transaction holds now. For who has
 * other things to do meanwhile.
 */
export async function tryLockTogether(tx: Tx, wanted: Wanted): Promise<Map<LockClass, Set<string>>> {
  const { classes, ids, ranks, alone } = keysOf(tx, wanted);
  if (alone.includes(true)) throw new Error(`at most ${MOST_BY_NAME} of a class can be tried`);
  const rows = await tx.$queryRaw<{ n: number; assigned: boolean }[]>`
    WITH whole AS MATERIALIZED (
      SELECT rank, pg_try_advisory_xact_lock_shared(${FIRST_WHOLE_KEY}::int + rank, 0) AS shared
      FROM unnest(${ranks}::int[]) AS rank
    ), tried AS MATERIALIZED (
      SELECT n::int,
             CASE WHEN shared THEN pg_try_advisory_xact_lock(class, hashtext(id)) ELSE false END AS locked
      FROM unnest(${classes}::int[], ${ids}::text[]) WITH ORDINALITY AS wanted(class, id, n)
      JOIN whole ON whole.rank = class - ${FIRST_CLASS_KEY}::int
    )
    SELECT n, pg_current_xact_id_if_assigned() IS NOT NULL AS assigned FROM tried
    WHERE NOT locked OR pg_current_xact_id_if_assigned() IS NOT NULL`;
  if (rows.some((row) => row.assigned)) throw afterFirstWrite();
  const flat = wanted.flatMap(([lockClass, of]) => of.map((id) => [lockClass, id] as const));
  const taken = new Map<LockClass, Set<string>>(wanted.map(([lockClass]) => [lockClass, new Set()]));
  for (const { n } of rows) {
    const [lockClass, id] = flat[n - 1] ?? [];
    if (lockClass !== undefined && id !== undefined) taken.get(lockClass)?.add(id);
  }
  remember(tx, wanted, (lockClass, id) => taken.get(lockClass)?.has(id) === false);
  return taken;
}

/** As `tryLockTogether` for one entity: false when another transaction holds it now. */
export async function tryLockEntity(tx: Tx, lockClass: LockClass, id: string): Promise<boolean> {
  const taken = await tryLockTogether(tx, [[lockClass, [id]]]);
  return taken.get(lockClass)?.has(id) === false;
}

/**
 * What is locked: entities, a class and an id each, and the classes as a whole, alone or shared. Throws when the classes do
 * not stand in lock order.
 */
function keysOf(tx: Tx, wanted: Wanted): { classes: number[]; ids: string[]; ranks: number[]; alone: boolean[] } {
  let last = held.get(tx)?.last ?? -1;
  const classes: number[] = [];
  const ids: string[] = [];
  const ranks: number[] = [];
  const alone: boolean[] = [];
  for (const [lockClass, of] of wanted) {
    if (of.length === 0) continue;
    const rank = LOCK_CLASSES.indexOf(lockClass);
    if (rank <= last) throw new Error(`lock order: ${lockClass} after ${LOCK_CLASSES[last] ?? "?"}`);
    last = rank;
    ranks.push(rank);
    alone.push(of.length > MOST_BY_NAME);
    if (of.length > MOST_BY_NAME) continue;
    for (const id of of) {
      classes.push(FIRST_CLASS_KEY + rank);
      ids.push(id);
    }
  }
  return { classes, ids, ranks, alone };
}

function remember(tx: Tx, wanted: Wanted, isLocked: (lockClass: LockClass, id: string) => boolean): void {
  const state = held.get(tx) ?? { last: -1, ids: new Map<LockClass, Set<string>>() };
  for (const [lockClass, of] of wanted) {
    const locked = of.filter((id) => isLocked(lockClass, id));
    if (locked.length === 0) continue;
    state.last = LOCK_CLASSES.indexOf(lockClass);
    state.ids.set(lockClass, new Set(locked));
  }
  held.set(tx, state);
}

const afterFirstWrite = () => new Error("lock order: locks asked for after the first write");

/** True when this transaction has locked the entity. */
export function holdsLock(tx: Tx, lockClass: LockClass, id: string): boolean {
  return held.get(tx)?.ids.get(lockClass)?.has(id) ?? false;
}
