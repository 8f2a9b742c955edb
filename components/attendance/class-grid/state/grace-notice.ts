import { fill } from "@/components/patterns/data/fill";
import type { GridStrings } from "./grid-strings";

type Facts = { isFinal: boolean; alertsAt: string | null; graceSeconds: number; locale: string };

/** What a save on this sheet means for guardians, in one sentence above the list; with script and without. */
export function noticeOf(
  strings: Pick<GridStrings, "tellNotice" | "tellNoticeGrace" | "correctNotice" | "correctNoticeGrace">,
  { isFinal, alertsAt, graceSeconds, locale }: Facts,
): string {
  if (alertsAt !== null) return fill(strings.correctNoticeGrace, { at: alertsAt.slice(11, 19) });
  if (isFinal) return strings.correctNotice;
  if (graceSeconds === 0) return strings.tellNotice;
  return fill(strings.tellNoticeGrace, { wait: waitText(graceSeconds, locale) });
}

/** `45 seconds`, `1 minute`, `90 seconds`: whole minutes as minutes. */
function waitText(seconds: number, locale: string): string {
  const isMinutes = seconds % 60 === 0;
  const unit = isMinutes ? "minute" : "second";
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(
    isMinutes ? seconds / 60 : seconds,
  );
}
