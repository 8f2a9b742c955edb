import { publishDueAlerts } from "@/lib/attendance/grace/publish-alerts";
import type { Db } from "@/lib/platform/db/client";
import { Availability } from "@/lib/platform/events/availability";
import { abortableDelay } from "@/lib/platform/events/pause";
import type { RoleContext } from "@/lib/platform/runtime/lifecycle";

/** One look at an index that is empty of due rows; how late an alert can be after its grace. */
const LOOK_EVERY_MS = 1_000;

/** Publishes the absences of finished classes when their grace ends. */
export async function runAbsenceAlerts(client: Db, { signal, onProgress }: RoleContext): Promise<void> {
  const availability = new Availability("PostgreSQL (absence alerts)");
  while (!signal.aborted) {
    let published = 0;
    try {
      published = await publishDueAlerts(client, new Date());
      availability.isUp();
    } catch (error) {
      availability.isDown(error);
    }
    onProgress();
    if (published === 0) await abortableDelay(LOOK_EVERY_MS, signal);
  }
}
