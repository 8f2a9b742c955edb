import type { Db, Tx } from "@/lib/platform/db/client";
import { afterCommit } from "@/lib/platform/db/after-commit";
import { singleton } from "@/lib/platform/runtime/singleton";
import { abortableDelay } from "../pause";

/** What somebody may be waiting for: events in the log, or deliveries that can be sent. */
export type Work = "log" | "deliveries";
const WORKS: readonly Work[] = ["log", "deliveries"];

/** The channel of PostgreSQL on which processes wake each other; the payload is a {@link Work}. */
export const WAKE_CHANNEL = "campus_wake";

/** Who was woken looks by itself for so long. */
export const STAYS_WARM_MS = 1_000;
/** Notifications to other processes come no closer than this: whoever was woken by the last one is still looking. */
const QUIET_MS = 50;

type Bell = { rung: number; sleepers: Set<() => void>; quietUntilMs: number };
const bells = (): Map<Work, Bell> => singleton("wakeBells", () => new Map<Work, Bell>());

function bellOf(work: Work): Bell {
  const found = bells().get(work);
  if (found) return found;
  const made: Bell = { rung: 0, sleepers: new Set(), quietUntilMs: -Infinity };
  bells().set(work, made);
  return made;
}

/**
 * Wakes whoever waits for this work, in this process and in others, when the transaction has committed. Only a hint: it may be
 * lost, so everybody looks by themselves now and then. Other processes are told by a `NOTIFY` in a statement of its own:
 * in the transaction itself it would make commits wait for each other.
 */
export function wakeAfterCommit(tx: Tx, work: Work): void {
  afterCommit(tx, `wake ${work}`, (client) => {
    ring(work);
    tellOthers(client, work);
  });
}

/** Wakes the waiting of this process. */
export function ring(work: Work): void {
  const bell = bellOf(work);
  bell.rung += 1;
  for (const wake of bell.sleepers) wake();
}

/** Wakes everybody in this process: what was said while the connection was lost is not known. */
export function ringAll(): void {
  for (const work of WORKS) ring(work);
}

/** Wakes this process as another one says; anything but a {@link Work} is ignored. */
export function heard(payload: string | undefined): void {
  const work = WORKS.find((known) => known === payload);
  if (work) ring(work);
}

function tellOthers(client: Db, work: Work): void {
  const bell = bellOf(work);
  if (performance.now() < bell.quietUntilMs) return;
  bell.quietUntilMs = performance.now() + QUIET_MS;
  client.$executeRaw`SELECT pg_notify(${WAKE_CHANNEL}, ${work})`.catch(() => undefined);
}

/**
 * One who waits for a kind of work: what rings between two of its waits is not missed. Who is woken goes on looking for
 * {@link STAYS_WARM_MS}: of a burst only the first is announced, and a transaction that is still open hides what was.
 */
export class Sleeper {
  private seen: number;
  private readonly bell: Bell;

  constructor(work: Work) {
    this.bell = bellOf(work);
    this.seen = this.bell.rung;
  }

  /** Waits until the work rings, at most `ms`, and not when it has rung since the last wait. Says whether it rang. */
  async sleep(ms: number, signal: AbortSignal): Promise<boolean> {
    if (this.bell.rung === this.seen) {
      const woken = new AbortController();
      const wake = () => woken.abort();
      this.bell.sleepers.add(wake);
      await abortableDelay(ms, AbortSignal.any([signal, woken.signal]));
      this.bell.sleepers.delete(wake);
    }
    const hasRung = this.bell.rung !== this.seen;
    this.seen = this.bell.rung;
    return hasRung;
  }
}
