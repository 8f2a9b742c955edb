import clsx from "clsx";
import { useTranslations } from "next-intl";
import { Fragment } from "react";
import { LiveSeatsText, LiveStatusTag } from "@/components/catalog/live-seats";
import { meetingLines } from "@/components/catalog/meeting-lines";
import { TextLink } from "@/components/ui/text-link";
import type { SectionView } from "@/lib/enrollment/schema";
import type { FormAction } from "./action-answer";
import { hasReason, ReasonLine } from "./reason-line";
import { EnrolledMark, SectionAction, seatsOf } from "./section-action";

export interface SectionListProps {
  views: readonly SectionView[];
  timeZone: string;
  now: Date;
  action: FormAction;
}

const cell = "md:h-10 md:px-2 md:py-1 md:first:ps-3 md:last:pe-3";

/**
 * Sections grouped by course: one table in the markup, rows from 768 px, cards below. Roles are written out because
 * `display` takes table semantics away. For server components.
 */
export function SectionList({ views, timeZone, now, action }: SectionListProps) {
  const t = useTranslations("sections");
  const columns = ["section", "time", "teacher", "seats", "status", "action"] as const;
  return (
    <div
      role="region"
      aria-label={t("listCaption")}
      tabIndex={0}
      className="rounded-lg md:overflow-x-auto md:border md:border-border md:bg-surface"
    >
      <table role="table" className="w-full border-collapse max-md:block md:text-sm">
        <caption className="sr-only">{t("listCaption")}</caption>
        <thead role="rowgroup" className="max-md:sr-only">
          <tr role="row">
            {columns.map((column) => (
              <th
                key={column}
                role="columnheader"
                scope="col"
                className={clsx(
                  "h-8 px-2 text-xs font-medium whitespace-nowrap text-muted first:ps-3 last:pe-3",
                  column === "seats" ? "text-end" : "text-start",
                )}
              >
                {column === "action" ? <span className="sr-only">{t("columns.action")}</span> : t(`columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        {groupByCourse(views).map((group) => (
          <tbody key={group.course.id} role="rowgroup" className="max-md:mb-4 max-md:grid max-md:gap-2">
            <tr role="row" className="max-md:block md:border-t md:border-border md:bg-sunken">
              <th role="rowheader" scope="rowgroup" colSpan={6} className="py-1.5 text-start font-medium md:px-3">
                <span className="font-semibold">{group.course.code}</span> {group.course.title}
                <span className="ms-2 text-sm font-normal text-muted">
                  {[
                    group.course.subject,
                    group.course.credits === null ? null : t("credits", { count: group.course.credits }),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </th>
            </tr>
            {group.views.map((view) => (
              <SectionRow key={view.section.id} {...{ view, timeZone, now, action }} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function SectionRow({ view, timeZone, now, action }: Omit<SectionListProps, "views"> & { view: SectionView }) {
  const t = useTranslations("sections");
  const { section } = view;
  const lines = meetingLines(section.meetings, (day) => t(`dayShort.${day}`));
  const withReason = hasReason(view);
  const status = { OPEN: "OPEN", WAITLIST: "WAITLIST", FULL: "FULL", CLOSED: "CLOSED" } as const;
  const tEnrollment = useTranslations("enrollment");
  const tUi = useTranslations("ui.sectionStatus");
  const statusWords = {
    OPEN: tUi(status.OPEN),
    WAITLIST: tUi(status.WAITLIST),
    FULL: tUi(status.FULL),
    CLOSED: tUi(status.CLOSED),
  };
  return (
    <Fragment>
      <tr
        role="row"
        data-section={section.id}
        className={clsx(
          "border-border max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto] max-md:items-center max-md:gap-x-4 max-md:gap-y-0.5 max-md:border max-md:bg-surface max-md:p-3 md:border-t md:hover:bg-sunken/60",
          withReason ? "max-md:-mb-2 max-md:rounded-t-lg max-md:border-b-0 max-md:pb-1" : "max-md:rounded-lg",
        )}
      >
        <th role="rowheader" scope="row" className={clsx(cell, "text-start font-medium whitespace-nowrap")}>
          <TextLink
            quiet
            href={`/sections/${section.id}`}
            className="inline-flex items-center max-md:-my-2 max-md:min-h-11 max-md:pe-4"
          >
            {section.code}
          </TextLink>
        </th>
        <td role="cell" className={clsx(cell, "max-md:order-3 max-md:col-span-2")}>
          {lines.length === 0 ? <span className="text-muted">{t("noTime")}</span> : null}
          {lines.map((line) => (
            <span key={line.key} className="block tabular">
              <span className="whitespace-nowrap">
                {line.days} {line.time}
              </span>{" "}
              {line.location === null ? null : <span className="whitespace-nowrap text-muted">· {line.location}</span>}
            </span>
          ))}
          {view.enrollmentId === null && view.conflict === null && lines.length > 0 ? (
            <span className="sr-only">{tEnrollment("fits")}</span>
          ) : null}
          {view.weeks === null ? null : <span className="block text-xs text-muted">{t("someWeeks", view.weeks)}</span>}
        </td>
        <td
          role="cell"
          className={clsx(
            cell,
            "text-muted max-md:order-4 max-md:col-start-1 max-md:text-sm min-[1200px]:max-[1439.98px]:w-18 min-[1200px]:max-[1439.98px]:text-xs min-[1200px]:max-[1439.98px]:leading-4",
          )}
        >
          {section.teachers.length === 0 ? t("noTeacher") : section.teachers.map((teacher) => teacher.name).join(", ")}
        </td>
        <td
          role="cell"
          className={clsx(cell, "max-md:order-6 max-md:col-start-1 max-md:max-w-36 max-md:[&_span]:text-start md:w-28")}
        >
          <LiveSeatsText
            initial={seatsOf(view)}
            taken={view.seatsTaken}
            words={{ left: t.raw("seatsLeft"), overfilled: t.raw("seatsOverfilled"), none: t("noSeats") }}
          />
        </td>
        <td role="cell" className={clsx(cell, "max-md:order-2 max-md:justify-self-end")}>
          {view.enrollmentId === null ? (
            <LiveStatusTag initial={seatsOf(view)} words={statusWords} />
          ) : (
            <EnrolledMark />
          )}
        </td>
        <td
          role="cell"
          className={clsx(
            cell,
            "max-md:order-5 max-md:col-start-2 max-md:row-span-2 max-md:self-end md:w-20 md:text-end",
          )}
        >
          <SectionAction view={view} action={action} withState={false} />
        </td>
      </tr>
      {withReason ? (
        <tr
          role="row"
          data-section={section.id}
          className="max-md:block max-md:rounded-b-lg max-md:border max-md:border-t-0 max-md:border-border max-md:bg-surface max-md:px-3 max-md:pb-3"
        >
          <td role="cell" colSpan={6} className="text-sm text-muted max-md:block md:px-3 md:pb-2">
            <ReasonLine view={view} timeZone={timeZone} now={now} />
          </td>
        </tr>
      ) : null}
    </Fragment>
  );
}

function groupByCourse(views: readonly SectionView[]) {
  const groups: { course: SectionView["section"]["course"]; views: SectionView[] }[] = [];
  for (const view of views) {
    const last = groups.at(-1);
    if (last && last.course.id === view.section.course.id) last.views.push(view);
    else groups.push({ course: view.section.course, views: [view] });
  }
  return groups;
}
