import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { instantOf, localDateOf } from "@/lib/shared/time";
import { daysOffBetween } from "@/lib/catalog/calendar/days-off";

const QUARTER_MS = 15 * 60_000;
const LENGTH_MS = 60 * 60_000;
/** A class that ends sooner than this gets its successor already. */
const SOON_MS = 10 * 60_000;

/**
 * Makes sure that a section has a class that is on now and for the next ten minutes, beside those of its meetings: for
 * the demo school, which must be alive at any hour. Earlier ones that nobody marked are removed. Safe to call from several
 * processes at the same time.
 */
export async function ensureClassSessionNow(
  client: Db,
  input: { school: { id: string; timeZone: string }; sectionSourcedId: string; now: Date },
): Promise<void> {
  const { school, now } = input;
  const section = await client.section.findUnique({
    where: { schoolId_sourcedId: { schoolId: school.id, sourcedId: input.sectionSourcedId } },
    select: { id: true, location: true, state: true },
  });
  if (!section || section.state !== "ACTIVE") return;
  await client.$executeRaw`
    DELETE FROM class_session c
    WHERE c.section_id = ${section.id} AND c.meeting_id IS NULL AND c.ends_at < ${new Date(now.getTime() - LENGTH_MS)}
      AND NOT EXISTS (SELECT 1 FROM attendance_sheet s WHERE s.class_session_id = c.id)
      AND NOT EXISTS (SELECT 1 FROM attendance_record r WHERE r.class_session_id = c.id)`;
  const near = await client.classSession.findMany({
    where: {
      sectionId: section.id,
      startsAt: { gt: new Date(now.getTime() - 24 * LENGTH_MS), lt: new Date(now.getTime() + 24 * LENGTH_MS) },
    },
    select: { startsAt: true, endsAt: true, state: true },
    orderBy: { startsAt: "asc" },
  });
  // Nobody is at school.
  const today = localDateOf(now, school.timeZone);
  if ((await daysOffBetween(client, school.id, { from: today, to: today })).length > 0) return;
  const midnightAfter = (moment: Date) => instantOf(localDateOf(moment, school.timeZone), 1_440, school.timeZone);
  for (const span of classesNeededNow(near, now, midnightAfter)) {
    await client.$executeRaw`
      INSERT INTO class_session (id, school_id, section_id, date, starts_at, ends_at, location)
      VALUES (${newId(now.getTime())}, ${school.id}, ${section.id},
              ${localDateOf(span.startsAt, school.timeZone)}::date, ${span.startsAt}, ${span.endsAt}, ${section.location})
      ON CONFLICT (section_id, starts_at) DO NOTHING`;
  }
}

type Span = { startsAt: Date; endsAt: Date };

/**
 * The classes to add so that one is on now and in ten minutes. Pure. None goes past midnight: a teacher looks at the
 * classes of a date, and one that began yesterday would not be among today's.
 */
export function classesNeededNow(existing: readonly Span[], now: Date, midnightAfter: (moment: Date) => Date): Span[] {
  const spans = existing.map((span) => ({ startsAt: span.startsAt, endsAt: span.endsAt }));
  const added: Span[] = [];
  for (const moment of [now.getTime(), now.getTime() + SOON_MS]) {
    if (spans.some((span) => span.startsAt.getTime() <= moment && moment < span.endsAt.getTime())) continue;
    const before = Math.max(
      0,
      ...spans.filter((span) => span.endsAt.getTime() <= moment).map((span) => span.endsAt.getTime()),
    );
    const after = Math.min(
      ...spans.filter((span) => span.startsAt.getTime() > moment).map((span) => span.startsAt.getTime()),
    );
    const start = Math.max(Math.floor(moment / QUARTER_MS) * QUARTER_MS, before);
    const span = {
      startsAt: new Date(start),
      endsAt: new Date(Math.min(start + LENGTH_MS, after, midnightAfter(new Date(moment)).getTime())),
    };
    spans.push(span);
    added.push(span);
  }
  return added;
}
