import { setSeats } from "@/lib/catalog/import/import-sections-write";
import type { Tx } from "@/lib/platform/db/client";

/**
 * Counts the seats of these sections anew from the live enrollments; see `setSeats`. Sections must be locked or new.
 * Returns those that hold more people than seats, by sourcedId.
 */
export async function recountSeats(
  tx: Tx,
  sectionIds: readonly string[],
): Promise<{ sourcedId: string; capacity: number; taken: number }[]> {
  if (sectionIds.length === 0) return [];
  const counts = await tx.$queryRaw<{ sectionId: string; taken: number; office: number }[]>`
    SELECT asked.id AS "sectionId", count(e.id)::int AS taken,
           (count(e.id) FILTER (WHERE e.origin = 'OFFICE'))::int AS office
    FROM unnest(${[...sectionIds]}::text[]) AS asked(id)
      LEFT JOIN enrollment e ON e.section_id = asked.id AND e.status = 'ENROLLED'
    GROUP BY asked.id`;
  return setSeats(tx, counts);
}
