import type { Db, Tx } from "./client";

const waiting = new WeakMap<Tx, Map<string, (client: Db) => void>>();

/**
 * Has something done after the transaction has committed, once for each name; not when it rolls back. Only for what may be
 * lost: the process can die in between. It must not throw. Without effect in a transaction that `transaction()` did not open.
 */
export function afterCommit(tx: Tx, name: string, work: (client: Db) => void): void {
  const works = waiting.get(tx) ?? new Map<string, (client: Db) => void>();
  waiting.set(tx, works.set(name, work));
}

/** Does what waits for the commit of a transaction. */
export function committed(tx: Tx | undefined, client: Db): void {
  if (tx) for (const work of waiting.get(tx)?.values() ?? []) work(client);
}
