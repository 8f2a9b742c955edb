const REFUSALS = [
  "section_full",
  "already_enrolled",
  "time_conflict",
  "enrollment_closed",
  "section_not_found",
  "enrollment_not_found",
  "unauthenticated",
  "unavailable",
] as const;
export type Refusal = (typeof REFUSALS)[number] | "other";

/** The message key of a refusal: its code when there are words for it. */
export function refusalKey(code: string | undefined): Refusal {
  return REFUSALS.find((known) => known === code) ?? "other";
}
