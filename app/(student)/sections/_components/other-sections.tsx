import { useTranslations } from "next-intl";
import { LiveSeatsText } from "@/components/catalog/live-seats";
import { meetingLines } from "@/components/catalog/meeting-lines";
import { type SectionAddress, sectionHref } from "@/components/catalog/section-address";
import { ReasonLine } from "@/components/enrollment/sections/reasons/reason-line";
import { EnrolledMark, seatsOf } from "@/components/enrollment/sections/section-action";
import { Card } from "@/components/ui/card";
import { TextLink } from "@/components/ui/text-link";
import type { SectionPageView } from "@/lib/timetable/get-section";

/** The course's other sections: when, who, how many seats, and whether they fit. */
export function OtherSections({ view, list, now }: { view: SectionPageView; list: SectionAddress; now: Date }) {
  const t = useTranslations("sections");
  const tEnrollment = useTranslations("enrollment");
  return (
    <Card as="section" padding="md">
      <h2 className="mb-2 text-lg">{t("detail.otherSections")}</h2>
      {view.siblings.length === 0 ? <p className="text-muted">{t("detail.noOthers")}</p> : null}
      <ul>
        {view.siblings.map((sibling) => {
          const { section } = sibling;
          return (
            <li
              key={section.id}
              className="grid grid-cols-[minmax(0,1fr)_7rem] items-center gap-x-4 border-t border-border py-2 first:border-t-0"
            >
              <div className="min-w-0">
                <p className="flex flex-wrap items-baseline gap-x-2">
                  <TextLink
                    href={sectionHref(section.id, list)}
                    className="inline-flex min-h-6 items-center font-medium pointer-coarse:min-h-11"
                  >
                    {section.code}
                  </TextLink>
                  <span className="text-sm text-muted">
                    {section.teachers.map(({ name }) => name).join(", ") || t("noTeacher")}
                  </span>
                </p>
                <p className="text-sm tabular">
                  {meetingLines(section.meetings, (day) => t(`dayShort.${day}`))
                    .map(({ days, time, location }) => [`${days} ${time}`, location].filter(Boolean).join(" · "))
                    .join(", ") || t("noTime")}
                </p>
              </div>
              <div className="grid gap-0.5 text-sm">
                <LiveSeatsText
                  initial={seatsOf(sibling)}
                  taken={sibling.seatsTaken}
                  words={{ left: t.raw("seatsLeft"), overfilled: t.raw("seatsOverfilled"), none: t("noSeats") }}
                />
              </div>
              <p className="col-span-2 text-sm text-muted">
                {sibling.enrollmentId !== null ? (
                  <EnrolledMark />
                ) : section.blockers.length === 0 ? (
                  tEnrollment("fits")
                ) : (
                  <ReasonLine view={sibling} timeZone={view.timeZone} now={now} list={list} />
                )}
              </p>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
