import clsx from "clsx";
import { useFormatter, useTranslations } from "next-intl";
import { LiveSeatsText } from "@/components/catalog/live-seats";
import { meetingLines } from "@/components/catalog/meeting-lines";
import { type SectionAddress, sectionHref } from "@/components/catalog/section-address";
import { TextLink } from "@/components/ui/text-link";
import type { SectionView } from "@/lib/timetable/schema";
import type { FormAction } from "./action-answer";
import { ReasonLine } from "./reason-line";
import { RefusalRow, SectionAct } from "./section-act";
import { SectionAction, seatsOf } from "./section-action";

export interface SectionListProps {
  views: readonly SectionView[];
  timeZone: string;
  now: Date;
  action: FormAction;
  /** The list's own address, for the way back from a section's page. */
  list: SectionAddress;
}

const COLUMNS = ["section", "course", "credits", "time", "teacher", "seats", "action"] as const;
const cell = "md:h-7 md:px-1 md:py-px md:first:ps-3 md:last:pe-3 pointer-coarse:md:h-12";

/**
 * Sections in the order of their courses: one table in the markup, dense rows from 768 px, cards below. Each row names its
 * course, and not a line of its own over it: a course has one or two sections, and that line would halve what one sees at
 * once. Roles are written out because `display` takes table semantics away. For server components.
 */
export function SectionList({ views, ...rest }: SectionListProps) {
  const t = useTranslations("sections");
  return (
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
                  "h-6 px-1 font-medium whitespace-nowrap text-muted first:ps-3 last:pe-3",
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
        {groupByCourse(views).map((group) => (
          <tbody
            key={group[0]?.section.course.id}
            role="rowgroup"
            className="border-border max-md:mb-2 max-md:grid max-md:gap-2 md:border-t"
          >
            {group.map((view, index) => (
              <SectionRow key={view.section.id} view={view} isAnother={index > 0} {...rest} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function SectionRow({
  view,
  isAnother,
  timeZone,
  now,
  action,
  list,
}: Omit<SectionListProps, "views"> & { view: SectionView; isAnother: boolean }) {
  const t = useTranslations("sections");
  const tEnrollment = useTranslations("enrollment");
  const format = useFormatter();
  const { section } = view;
  const { title, credits } = section.course;
  const href = sectionHref(section.id, list);
  const lines = meetingLines(section.meetings, (day) => t(`dayShort.${day}`));
  const isBlocked = view.enrollmentId === null && section.blockers.length > 0;
  return (
    <SectionAct action={action} lost={tEnrollment("lost")}>
      <tr
        role="row"
        data-section={section.id}
        className="max-md:grid max-md:grid-cols-[auto_minmax(0,1fr)_auto] max-md:items-center max-md:gap-x-2 max-md:rounded-lg max-md:border max-md:border-border max-md:bg-surface max-md:px-3 max-md:py-1.5 md:hover:bg-sunken/60"
      >
        <th role="rowheader" scope="row" className={clsx(cell, "text-start font-semibold whitespace-nowrap")}>
          <TextLink quiet href={href} className="inline-flex items-center max-md:-my-2.5 max-md:min-h-11 md:min-h-6">
            {section.code}
          </TextLink>
        </th>
        <td role="cell" title={title} className={clsx(cell, "min-w-0 max-md:col-span-2", isAnother && "md:text-muted")}>
          <span className="block truncate md:w-25 min-[1440px]:w-44">
            {title}
            {credits === null ? null : (
              <span className="text-sm text-muted md:hidden"> · {t("credits", { count: credits })}</span>
            )}
          </span>
        </td>
        <td role="cell" className={clsx(cell, "text-muted tabular max-md:hidden md:text-end")}>
          {credits === null ? null : format.number(credits)}
        </td>
        <td role="cell" className={clsx(cell, "max-md:col-span-3 max-md:text-sm max-md:leading-4")}>
          {lines.length === 0 ? <span className="text-muted">{t("noTime")}</span> : null}
          {lines.map((line, index) => (
            <span key={line.key} className="tabular">
              <span className="whitespace-nowrap">
                {line.days} {line.time}
              </span>
              {line.location === null || line.location === lines[index + 1]?.location ? null : (
                <span className="whitespace-nowrap text-muted"> · {line.location}</span>
              )}
              {index < lines.length - 1 ? ", " : null}
            </span>
          ))}
          {view.enrollmentId === null && view.conflict === null && lines.length > 0 ? (
            <span className="sr-only"> {tEnrollment("fits")}</span>
          ) : null}
          {view.weeks === null ? null : <span className="text-muted"> · {t("someWeeks", view.weeks)}</span>}
        </td>
        <td
          role="cell"
          className={clsx(cell, "text-muted max-md:col-span-2 max-md:truncate max-md:text-sm md:max-w-20 md:truncate")}
        >
          <Teachers names={section.teachers.map(({ name }) => name)} />
        </td>
        <td
          role="cell"
          className={clsx(
            cell,
            "max-md:order-2 max-md:col-span-2 max-md:max-w-32 max-md:text-sm md:w-21 max-md:[&_span]:text-start",
          )}
        >
          <LiveSeatsText
            initial={seatsOf(view)}
            taken={view.seatsTaken}
            words={{ left: t.raw("seatsLeft"), overfilled: t.raw("seatsOverfilled"), none: t("noSeats") }}
          />
        </td>
        <td
          role="cell"
          className={clsx(
            cell,
            "max-md:order-1 max-md:row-span-2 max-md:self-end max-md:justify-self-end md:w-32 md:text-end",
            isBlocked && "max-md:max-w-44 max-md:text-end max-md:text-sm",
          )}
        >
          <SectionAction view={view} detailHref={href} size="xs">
            <p className="text-muted">
              <ReasonLine view={view} timeZone={timeZone} now={now} list={list} isShort />
            </p>
          </SectionAction>
        </td>
      </tr>
      <RefusalRow
        sectionId={section.id}
        columns={COLUMNS.length}
        className="max-md:-mt-2 max-md:block max-md:rounded-lg max-md:bg-absent-tint max-md:px-3 max-md:py-2"
      />
    </SectionAct>
  );
}

/** Initials and family names, as a timetable has them; the whole names for who does not see the cell. */
function Teachers({ names }: { names: readonly string[] }) {
  const t = useTranslations("sections");
  if (names.length === 0) return <>{t("noTeacher")}</>;
  const short = names.map((name) => {
    const [first = "", ...others] = name.split(" ");
    return others.length === 0 ? name : `${[...first][0] ?? ""}. ${others.join(" ")}`;
  });
  return (
    <>
      <span aria-hidden="true" title={names.join(", ")}>
        {short.join(", ")}
      </span>
      <span className="sr-only">{names.join(", ")}</span>
    </>
  );
}

function groupByCourse(views: readonly SectionView[]): SectionView[][] {
  const groups: SectionView[][] = [];
  for (const view of views) {
    const last = groups.at(-1);
    if (last && last[0]?.section.course.id === view.section.course.id) last.push(view);
    else groups.push([view]);
  }
  return groups;
}
