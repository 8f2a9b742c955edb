import { fill, fillPlural } from "@/components/patterns/data/fill";
import type { GridStrings } from "../state/grid-strings";

/** Whom the alerts of a finished sheet reach: figures of guardians, and the students whom nobody hears about, by name. */
export type AlertReach = { notified: number; inboxOnly: number; withoutGuardian: string[]; unreachable: string[] };

/**
 * The reach in sentences: how many guardians are notified (`at` a clock time, or null: as it is finished), who gets it only
 * in the inbox, and for whom nobody is reached. What is zero is not said, except that nobody is notified at all.
 */
export function reachLines(
  reach: AlertReach,
  { at, strings, locale }: { at: string | null; strings: Pick<GridStrings, "reach">; locale: string },
): string[] {
  const { notified, inboxOnly, withoutGuardian, unreachable } = reach;
  const words = strings.reach;
  const names = (list: readonly string[]) => new Intl.ListFormat(locale, { type: "unit" }).format(list);
  const lines: string[] = [];
  if (notified === 0) lines.push(words.nobody);
  else if (at === null) lines.push(fillPlural(words.notified, notified, locale));
  else lines.push(fillPlural(words.notifiedAt, notified, locale, { at }));
  if (inboxOnly > 0) lines.push(fillPlural(words.inboxOnly, inboxOnly, locale));
  if (withoutGuardian.length > 0)
    lines.push(fillPlural(words.withoutGuardian, withoutGuardian.length, locale, { names: names(withoutGuardian) }));
  if (unreachable.length > 0) lines.push(fill(words.unreachable, { names: names(unreachable) }));
  return lines;
}
