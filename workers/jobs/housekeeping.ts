import { deleteExpiredSessions } from "@/lib/identity/delete-expired-sessions";
import type { Db } from "@/lib/platform/db";
import { Availability } from "@/lib/platform/events/availability";
import { recordOutboxAge } from "@/lib/platform/events/outbox-age";
import { abortableDelay } from "@/lib/platform/events/pause";
import { deleteOldEvents } from "@/lib/platform/events/retention";
import type { RoleContext } from "@/lib/platform/lifecycle";
import { log } from "@/lib/platform/log";

const MEASURE_EVERY_MS = 5_000;
const DELETE_EVERY_MS = 10 * 60_000;

/** Measures how far the readers are behind, and now and then deletes what nobody needs any more. */
export async function runHousekeeping(
  client: Db,
  readers: readonly string[],
  { signal, onProgress }: RoleContext,
): Promise<void> {
  const availability = new Availability("PostgreSQL (housekeeping)");
  let deletedAtMs = 0;
  while (!signal.aborted) {
    try {
      await recordOutboxAge(client, readers);
      if (performance.now() - deletedAtMs > DELETE_EVERY_MS || deletedAtMs === 0) {
        deletedAtMs = performance.now();
        const deleted = await deleteOldEvents(client, { readers, now: new Date(), signal });
        if (deleted.outbox + deleted.inbox + deleted.attempts > 0) log().info(deleted, "old events deleted");
        const sessions = await deleteExpiredSessions(client, new Date());
        if (sessions > 0) log().info({ sessions }, "expired sessions deleted");
      }
      availability.isUp();
    } catch (error) {
      availability.isDown(error);
    }
    onProgress();
    await abortableDelay(MEASURE_EVERY_MS, signal);
  }
}
