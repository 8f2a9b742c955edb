import { instantOf } from "@/lib/shared/time";
import type { CountingTime } from "../members/membership";

/** What the office says of an enrollment: local dates of the school, both inclusive; null: nothing. */
export type OfficeDays = { beginsOn: string | null; endsOn: string | null };
/** Where `now` is: before the first day, within, or after the last. */
export type OfficePhase = "ahead" | "within" | "over";

/** The dates as the time in which the enrollment counts, from the first midnight to the one after the last day. Pure. */
export function countingTimeOf({ beginsOn, endsOn }: OfficeDays, timeZone: string): CountingTime {
  return {
    countsFrom: beginsOn === null ? null : instantOf(beginsOn, 0, timeZone),
    countsUntil: endsOn === null ? null : instantOf(endsOn, 1440, timeZone),
  };
}

/** Where `now` is in the time of an enrollment. What is over before it begins is over. */
export function phaseOf({ countsFrom, countsUntil }: CountingTime, now: Date): OfficePhase {
  if (countsUntil !== null && countsUntil <= now) return "over";
  return countsFrom !== null && countsFrom > now ? "ahead" : "within";
}

/** The status of an office enrollment in each phase. */
export const STATUS_OF_PHASE = { ahead: "PLANNED", within: "ENROLLED", over: "DROPPED" } as const;
