import type { Db } from "@/lib/platform/db/client";
import { log } from "@/lib/platform/runtime/log";
import { Availability } from "../availability";
import { loadCursor, rebaseRestoredLog, type LogPosition } from "./reader";
import type { LockSession } from "../lock-session";
import { abortableDelay } from "../pause";

export type ReaderLoopOptions = {
  reader: string;
  client: Db;
  session: LockSession;
  signal: AbortSignal;
  /** Called whenever something moved: also when there was nothing to read, or another process is the active reader. */
  onProgress(): void;
};

/** What a reader does while it is the active one; returns when the signal is aborted or the lock is lost, may throw. */
export type ActiveReader = (cursor: LogPosition, isActive: () => boolean) => Promise<void>;

const STANDBY_POLL_MS = 1_000;
const AWAY_POLL_MS = 500;

/**
 * Runs a reader of the outbox log in at most one process at a time; the others stand by and one takes over when the
 * active one ends or dies. Whatever `active` throws is waited out and tried again from the stored cursor.
 */
export async function runReader(options: ReaderLoopOptions, active: ActiveReader): Promise<void> {
  const { reader, client, session, signal, onProgress } = options;
  const availability = new Availability(`PostgreSQL (${reader})`);
  while (!signal.aborted) {
    try {
      if (await session.tryHold(reader)) {
        if (await rebaseRestoredLog(client)) log().warn({ reader }, "the outbox log came from another server: moved");
        const cursor = await loadCursor(client, reader);
        availability.isUp();
        log().info({ reader, xid: String(cursor.xid), id: String(cursor.id) }, "reads the outbox log");
        await active(cursor, () => !signal.aborted && session.isHeld(reader));
      } else {
        onProgress();
        await abortableDelay(STANDBY_POLL_MS, signal);
      }
    } catch (error) {
      availability.isDown(error);
      onProgress(); // waiting for the database is this loop's work: restarting the process would not bring it back
      await abortableDelay(AWAY_POLL_MS, signal);
    } finally {
      await session.release(reader);
    }
  }
}
