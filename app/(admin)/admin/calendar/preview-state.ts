import type { getTranslations } from "next-intl/server";
import type { HolidayPreview } from "@/lib/catalog/calendar/holidays/import-holidays";
import { dayWords } from "@/messages/dates";

/** The largest calendar file that is read. */
export const MAX_ICAL_BYTES = 256 * 1024;
const LISTED_PROBLEMS = 20;

/** What the import form shows: nothing yet, why a file was not read, its problems by line, or what would change. */
export type ImportState =
  | { status: "idle" }
  | { status: "refused"; message: string }
  | { status: "problems"; lines: string[] }
  | {
      status: "preview";
      summary: string;
      /** New and changed days in words. */
      days: string[];
      leftOut: string[];
      /** What confirming sends, as JSON; null when there is nothing to import. */
      holidays: string | null;
      confirm: string;
    };

type Words = Awaited<ReturnType<typeof getTranslations<"calendar.import">>>;

/** A preview in words, so that the form needs none of its own. */
export function previewStateOf(preview: HolidayPreview, t: Words, locale: string): ImportState {
  if ("problems" in preview) {
    const lines = preview.problems
      .slice(0, LISTED_PROBLEMS)
      .map(({ line, code }) => t("line", { line, problem: t(`problem.${code}`) }));
    const more = preview.problems.length - lines.length;
    return { status: "problems", lines: more > 0 ? [...lines, t("more", { count: more })] : lines };
  }
  const { plan, leftOut, outside } = preview;
  const counted = [
    t("new", { count: plan.create.length }),
    plan.change.length > 0 ? t("changed", { count: plan.change.length }) : "",
    plan.unchanged.length > 0 ? t("unchanged", { count: plan.unchanged.length }) : "",
    outside > 0 ? t("outside", { count: outside }) : "",
  ];
  const written = [...plan.create, ...plan.change];
  return {
    status: "preview",
    summary: counted.filter(Boolean).join(" · "),
    days: [
      ...plan.create.map((day) => `${daysText(day, locale)}: ${day.title}`),
      ...plan.change.map(
        (day) =>
          `${daysText(day, locale)}: ${day.title} (${t("was", { before: `${daysText(day.before, locale)}, ${day.before.title}` })})`,
      ),
    ],
    leftOut: leftOut.map(({ line, title, why }) =>
      t("leftOut", { line, title: title || t("unnamed"), why: t(`why.${why}`) }),
    ),
    holidays:
      written.length === 0
        ? null
        : JSON.stringify(written.map(({ uid, startsOn, endsOn, title }) => ({ uid, startsOn, endsOn, title }))),
    confirm: t("confirm", { count: written.length }),
  };
}

/** Local dates in words: `Thu 26 Nov 2026`, or the first and the last. */
export function daysText({ startsOn, endsOn }: { startsOn: string; endsOn: string }, locale: string): string {
  const options = { weekday: "short", day: "numeric", month: "short", year: "numeric" } as const;
  const first = dayWords(startsOn, locale, options);
  return startsOn === endsOn ? first : `${first} – ${dayWords(endsOn, locale, options)}`;
}
