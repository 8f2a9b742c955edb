import { followCalendar } from "@/lib/enrollment/import/follow-calendar";
import type { Db } from "@/lib/platform/db/client";
import { Availability } from "@/lib/platform/events/availability";
import { recordOutboxAge } from "@/lib/platform/events/log/outbox-age";
import { abortableDelay } from "@/lib/platform/events/pause";
import type { RoleContext } from "@/lib/platform/runtime/lifecycle";
import { log } from "@/lib/platform/runtime/log";
import { RETENTION } from "./retention";
import { runRetention } from "./run-retention";

const MEASURE_EVERY_MS = 5_000;
const CALENDAR_EVERY_MS = 30_000;
const DELETE_EVERY_MS = 10 * 60_000;

/**
 * Measures how far the readers are behind, begins and ends enrollments on their days, and now and then deletes what nobody
 * needs any more.
 */
export async function runHousekeeping(
  client: Db,
  readers: readonly string[],
  { signal, onProgress }: RoleContext,
): Promise<void> {
  const availability = new Availability("PostgreSQL (housekeeping)");
  let deletedAtMs = 0;
  let followedAtMs = -Infinity;
  while (!signal.aborted) {
    try {
      await recordOutboxAge(client, readers);
      if (performance.now() - followedAtMs >= CALENDAR_EVERY_MS) {
        followedAtMs = performance.now();
        const step = await followCalendar(client, new Date(), signal);
        if (step.begun + step.ended > 0) log().info(step, "enrollments begun and ended on their days");
      }
      if (performance.now() - deletedAtMs > DELETE_EVERY_MS || deletedAtMs === 0) {
        deletedAtMs = performance.now();
        await runRetention(client, RETENTION, { readers, signal, onProgress });
      }
      availability.isUp();
    } catch (error) {
      availability.isDown(error);
    }
    onProgress();
    await abortableDelay(MEASURE_EVERY_MS, signal);
  }
}
