import type { Db } from "@/lib/platform/db/client";
import { dateText } from "@/lib/shared/time";

/** The dates that the calendar is about: from the first day of the terms that are not over (else today), for two years. */
export async function schoolYears(client: Db, schoolId: string, today: string): Promise<{ from: string; to: string }> {
  const { _min: first } = await client.term.aggregate({
    where: { schoolId, endedAt: null, endsOn: { gte: new Date(`${today}T00:00:00Z`) } },
    _min: { startsOn: true },
  });
  const startsOn = first.startsOn ? dateText(first.startsOn) : today;
  const from = startsOn < today ? startsOn : today;
  return { from, to: dateText(new Date(Date.parse(`${from}T00:00:00Z`) + 731 * 86_400_000)) };
}
