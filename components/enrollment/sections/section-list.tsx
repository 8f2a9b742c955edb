import clsx from "clsx";
import { useFormatter, useTranslations } from "next-intl";
import { meetingLines } from "@/components/catalog/meeting-lines";
import type { SectionAddress } from "@/components/catalog/section-address";
import { pack } from "@/components/patterns/data/packed";
import type { SectionView } from "@/lib/timetable/schema";
import type { FormAction } from "./action-answer";
import { useReasons } from "./reasons/reason-line";
import { SectionActs } from "./section-act";
import { placeOf, seatsOf } from "./section-action";
import { type SectionLine, SectionRows } from "./section-rows";

export interface SectionListProps {
  views: readonly SectionView[];
  timeZone: string;
  now: Date;
  action: FormAction;
  /** The list's own address, for the way back from a section's page. */
  list: SectionAddress;
}

const COLUMNS = ["section", "course", "credits", "time", "teacher", "seats", "action"] as const;

/**
 * Sections in the order of their courses: one table in the markup, dense rows from 768 px, cards below. Each row names its
 * course, and not a line of its own over it: a course has one or two sections, and that line would halve what one sees at
 * once. Roles are written out because `display` takes table semantics away. For server components.
 */
export function SectionList({ views, action, ...rest }: SectionListProps) {
  const t = useTranslations("sections");
  const tEnrollment = useTranslations("enrollment");
  const lineOf = useSectionLines(rest);
  const hidden = (words: string) => `<hidden>${words}</hidden>`;
  const named = { section: "{section}", hidden };
  return (
    <SectionActs action={action} lost={tEnrollment("lost")}>
      <div
        role="region"
        aria-label={t("listCaption")}
        tabIndex={0}
        className="rounded-lg md:overflow-x-auto md:border md:border-border md:bg-surface"
      >
        <table role="table" className="w-full border-collapse max-md:block md:text-xs min-[1440px]:text-sm">
          <caption className="sr-only">{t("listCaption")}</caption>
          <thead role="rowgroup" className="max-md:sr-only">
            <tr role="row">
              {COLUMNS.map((column) => (
                <th
                  key={column}
                  role="columnheader"
                  scope="col"
                  className={clsx(
                    "h-6 px-1 font-medium whitespace-nowrap text-muted first:ps-2 last:pe-2",
                    column === "seats" || column === "credits" ? "text-end" : "text-start",
                  )}
                >
                  {column === "action" ? (
                    <span className="sr-only">{t("columns.action")}</span>
                  ) : column === "credits" ? (
                    <abbr title={t("columns.credits")} className="no-underline">
                      {t("columns.creditsShort")}
                    </abbr>
                  ) : (
                    t(`columns.${column}`)
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <SectionRows
            packed={pack(views.map((view, index) => lineOf(view, views[index - 1])))}
            list={rest.list}
            words={{
              noTime: t("noTime"),
              fits: tEnrollment("fits"),
              noTeacher: t("noTeacher"),
              seats: { left: t.raw("seatsLeft"), overfilled: t.raw("seatsOverfilled"), none: t("noSeats") },
              enroll: tEnrollment.markup("enrollIn", named),
              drop: tEnrollment.markup("dropNamed", named),
              enrolling: tEnrollment("enrolling"),
              enrolled: tEnrollment("enrolled"),
              echo: tEnrollment("enrolledEcho", { section: "{section}" }),
              full: tEnrollment("reasons.full"),
            }}
          />
        </table>
      </div>
    </SectionActs>
  );
}

/** The row of a section in words; it knows the one above. */
function useSectionLines({ timeZone, now }: Pick<SectionListProps, "timeZone" | "now">) {
  const reasonOf = useReasons({ timeZone, now });
  const t = useTranslations("sections");
  const format = useFormatter();
  return (view: SectionView, above: SectionView | undefined): SectionLine => {
    const { section } = view;
    const { title, credits } = section.course;
    const lines = meetingLines(section.meetings, (day) => t(`dayShort.${day}`));
    const place = placeOf(view);
    return {
      code: section.code,
      title,
      isAnother: above?.section.course.id === section.course.id,
      credits: credits === null ? null : [format.number(credits), t("credits", { count: credits })],
      times: lines.map(({ days, time, location }, index) => [
        `${days} ${time}`,
        location === lines[index + 1]?.location ? null : location,
      ]),
      weeks: view.weeks && t("someWeeks", view.weeks),
      fits: view.enrollmentId === null && view.conflict === null && lines.length > 0,
      teachers: teachersOf(section.teachers.map(({ name }) => name)),
      seats: seatsOf(view),
      taken: view.seatsTaken,
      place,
      reason: place === "blocked" ? reasonOf(view) : null,
    };
  };
}

/** Initials and family names, as a timetable has them; the whole names for who does not see the cell. */
function teachersOf(names: readonly string[]): SectionLine["teachers"] {
  if (names.length === 0) return null;
  const short = names.map((name) => {
    const [first = "", ...others] = name.split(" ");
    return others.length === 0 ? name : `${[...first][0] ?? ""}. ${others.join(" ")}`;
  });
  return [short.join(", "), names.join(", ")];
}
