import type { Db } from "@/lib/platform/db/client";
import { Availability } from "../availability";
import type { AnyConsumer } from "../delivery/consumer";
import { DeliveryQueue, type QueuedEvent } from "../delivery/event-queue";
import type { LockSession } from "../lock-session";
import { moveCursor, readLog, type LogPosition } from "./reader";
import { StreamProgress } from "../delivery/progress";
import { runReader } from "./reader-loop";
import { logReaderName } from "./readers";
import { PollPause } from "../wake/poll-pause";

export type LogSourceOptions = {
  consumer: AnyConsumer;
  client: Db;
  session: LockSession;
  signal: AbortSignal;
  onProgress(): void;
  concurrency?: number;
};

const BATCH = 200;
/** How far the reader may run ahead of an event that is retried. */
const WINDOW = 5_000;
/** The cursor lags a little while events come; after a crash the inbox knows those in between. */
const CURSOR_EVERY_MS = 200;

/**
 * Feeds a consumer from the outbox log until the signal is aborted; then it waits for what is being handled. A key whose
 * event is retried waits; the others go on, up to a window. The cursor passes an event only when it is finished.
 */
export function runLogSource(options: LogSourceOptions): Promise<void> {
  const reader = logReaderName(options.consumer.name);
  return runReader({ ...options, reader }, (cursor, isActive) => readWhileActive(options, reader, cursor, isActive));
}

async function readWhileActive(
  { consumer, client, session, signal, onProgress, concurrency = 4 }: LogSourceOptions,
  reader: string,
  cursor: LogPosition,
  isActive: () => boolean,
): Promise<void> {
  const availability = new Availability(`PostgreSQL (${consumer.name})`);
  const { owner } = session;
  const queue = new DeliveryQueue({ consumer, client, owner, concurrency, availability, onProgress });
  const progress = new StreamProgress<LogPosition>();
  const pause = new PollPause("log");
  let position = cursor;
  let stored = cursor;
  let storedAtMs = 0;
  const store = async (): Promise<boolean> => {
    const reached = progress.watermark ?? stored;
    storedAtMs = performance.now();
    if (reached.xid === stored.xid && reached.id === stored.id) return true;
    if (!(await moveCursor(client, reader, stored, reached))) return false;
    stored = reached;
    return true;
  };
  try {
    while (isActive()) {
      const room = WINDOW - progress.outstanding;
      const rows = room > 0 ? await readLog(client, position, consumer.types, Math.min(BATCH, room)) : [];
      const started = await queue.start(rows.flatMap(({ event }) => (event ? [event.id] : [])));
      const batch: QueuedEvent[] = [];
      for (const row of rows) {
        const finish = progress.take(row.position);
        if (row.event) batch.push({ event: row.event, origin: "log", finish });
        else finish();
        position = row.position;
      }
      queue.add(batch, started);
      if (!queue.isStuck) onProgress();
      if ((performance.now() - storedAtMs > CURSOR_EVERY_MS || rows.length === 0) && !(await store())) return;
      // A queue that is behind is not fed in single rows: reading waits until some of it is handled.
      await pause.after(rows.length, rows.length === BATCH && progress.outstanding < WINDOW / 2, signal);
    }
  } finally {
    await queue.stop();
    await store().catch(() => false);
  }
}
