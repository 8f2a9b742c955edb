import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { LiveSeatsText } from "@/components/catalog/live-seats";
import { type SectionAddress, sectionHref } from "@/components/catalog/section-address";
import type { FormAction } from "@/components/enrollment/sections/action-answer";
import { ReasonLine } from "@/components/enrollment/sections/reasons/reason-line";
import { Refusal, SectionActs } from "@/components/enrollment/sections/section-act";
import { SectionAction, seatsOf } from "@/components/enrollment/sections/section-action";
import { Card } from "@/components/ui/card";
import { SubmitButton } from "@/components/ui/submit-button";
import type { SectionPageView } from "@/lib/timetable/get-section";
import { WhatInstead } from "./what-instead";

export interface YourPlaceProps {
  view: SectionPageView;
  /** The list that one came from. */
  list: SectionAddress;
  now: Date;
  enroll: FormAction;
  /** For the form without script. */
  drop: (form: FormData) => Promise<void>;
  /** How old the numbers are. */
  children: ReactNode;
}

/** Seats, where the student stands, and the one act. Without script the drop is a form here that says what it means. */
export function YourPlace({ view, list, now, enroll, drop, children }: YourPlaceProps) {
  const t = useTranslations("enrollment");
  const tSections = useTranslations("sections");
  const { section } = view;
  const isMine = view.enrollmentId !== null;
  return (
    <Card as="section" padding="md">
      <h2 className="mb-3 text-lg">{tSections("detail.yourPlace")}</h2>
      <div className="grid gap-4">
        <LiveSeatsText
          initial={seatsOf(view)}
          taken={view.seatsTaken}
          words={{
            left: tSections.raw("seatsLeft"),
            overfilled: tSections.raw("seatsOverfilled"),
            none: tSections("noSeats"),
          }}
        />
        {children}
        <p>
          {isMine ? (
            t("youAreIn")
          ) : section.blockers.length === 0 ? (
            t("canEnroll")
          ) : (
            <ReasonLine view={view} timeZone={view.timeZone} now={now} list={list} />
          )}
        </p>
        <WhatInstead view={view} list={list} />
        {isMine && !view.canDrop ? (
          <p className="text-muted">{t("dropTermOver")}</p>
        ) : (
          <SectionActs action={enroll} lost={t("lost")}>
            <Refusal sectionId={section.id} />
            <SectionAction view={view} detailHref={sectionHref(section.id, list)} size="md" />
          </SectionActs>
        )}
        {isMine && view.canDrop ? (
          <noscript>
            <form id="drop" action={drop} className="grid gap-2 border-t border-border pt-4">
              <input type="hidden" name="id" value={view.enrollmentId ?? ""} />
              <input type="hidden" name="sectionId" value={section.id} />
              <p className="text-muted">
                {t(section.seatsAvailable === 0 ? "dropConsequenceFull" : "dropConsequence", { section: section.code })}
              </p>
              <SubmitButton variant="danger">{t("dropConfirm", { section: section.code })}</SubmitButton>
            </form>
          </noscript>
        ) : null}
      </div>
    </Card>
  );
}
