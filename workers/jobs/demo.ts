import type { Db } from "@/lib/platform/db/client";
import { Availability } from "@/lib/platform/events/availability";
import { abortableDelay } from "@/lib/platform/events/pause";
import type { RoleContext } from "@/lib/platform/runtime/lifecycle";
import { DEMO_CLASS_EVERY_MS, ensureDemoClassNow } from "@/prisma/seed/demo-now";

const LOOK_EVERY_MS = 15_000;

/** Keeps the demo school alive: its teacher always has a class right now. */
export async function runDemo(client: Db, { signal, onProgress }: RoleContext): Promise<void> {
  const availability = new Availability("PostgreSQL (demo)");
  let doneAtMs = -Infinity;
  while (!signal.aborted) {
    try {
      if (performance.now() - doneAtMs >= DEMO_CLASS_EVERY_MS) {
        await ensureDemoClassNow(client, new Date());
        doneAtMs = performance.now();
      }
      availability.isUp();
    } catch (error) {
      availability.isDown(error);
    }
    onProgress();
    await abortableDelay(LOOK_EVERY_MS, signal);
  }
}
