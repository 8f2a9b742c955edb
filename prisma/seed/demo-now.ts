import { ensureClassSessionNow } from "./class-now";
import type { Db } from "@/lib/platform/db/client";

/** How the demo school is recognised; everybody in it has an address under demo.campusos.example. */
export const DEMO_SCHOOL = { sourcedId: "campusos-demo", term: "demo-term" } as const;
/** The section of the demo teacher, with the demo student in it, that always has a class right now. */
export const DEMO_SECTION = "demo-advisory";

/** How often to call {@link ensureDemoClassNow} while the product runs with CAMPUS_DEMO=1. */
export const DEMO_CLASS_EVERY_MS = 4 * 60_000;

/**
 * Gives the demo teacher a class that is on at `now`, whatever the hour, and clears away such classes that nobody used.
 * Does nothing where there is no demo school, and nothing when the class is there. Call it at the start and then every
 * {@link DEMO_CLASS_EVERY_MS} with `db()` and the present time; several processes may do so.
 */
export async function ensureDemoClassNow(client: Db, now: Date): Promise<void> {
  const school = await client.school.findUnique({
    where: { sourcedId: DEMO_SCHOOL.sourcedId },
    select: { id: true, timeZone: true },
  });
  if (school) await ensureClassSessionNow(client, { school, sectionSourcedId: DEMO_SECTION, now });
}
