import { mondayOf } from "@/lib/catalog/sections/schedule";

const DAY_MS = 86_400_000;

/** An ISO 8601 week, `YYYY-Www`, as the day of its Monday from 1970-01-01; null when there is no such week. */
export function mondayOfWeek(week: string): number | null {
  const match = /^(\d{4})-W(\d{2})$/.exec(week);
  if (!match) return null;
  const [year, number] = [Number(match[1]), Number(match[2])];
  if (year < 1971 || year > 2200 || number < 1) return null;
  const monday = mondayOf(Date.UTC(year, 0, 4) / DAY_MS) + (number - 1) * 7; // 4 January is always in week 1
  return weekOf(monday) === week ? monday : null;
}

/** The ISO 8601 week (`YYYY-Www`) that holds a day (counted from 1970-01-01). The year is that of its Thursday. */
export function weekOf(epochDay: number): string {
  const monday = mondayOf(epochDay);
  const year = new Date((monday + 3) * DAY_MS).getUTCFullYear();
  const number = (monday - mondayOf(Date.UTC(year, 0, 4) / DAY_MS)) / 7 + 1;
  return `${year}-W${String(number).padStart(2, "0")}`;
}

/** A day counted from 1970-01-01 as `YYYY-MM-DD`. */
export function dateOfDay(epochDay: number): string {
  return new Date(epochDay * DAY_MS).toISOString().slice(0, 10);
}
