import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { type SectionAddress, sectionHref, sectionsHref } from "@/components/catalog/section-address";
import { LinkButton } from "@/components/ui/link-button";
import { TextLink } from "@/components/ui/text-link";
import type { SectionPageView } from "@/lib/timetable/get-section";

/** Where a full or overlapping section leads: to the sections of the course that fit, else to others that do. */
export function WhatInstead({ view, list }: { view: SectionPageView; list: SectionAddress }) {
  const t = useTranslations("enrollment.instead");
  const tCode = useTranslations("sections");
  const [blocker] = view.section.blockers;
  if (view.enrollmentId !== null || (blocker !== "section_full" && blocker !== "time_conflict")) return null;
  const fitting = view.siblings.filter(({ section }) => section.blockers.length === 0);
  const { subject } = view.section.course;
  const link = (code: ReactNode) => (
    <TextLink href={sectionHref(view.conflict?.sectionId ?? "", list)}>{code}</TextLink>
  );
  return (
    <div className="grid gap-2 text-sm">
      {view.conflict === null ? null : <p>{t.rich("drop", { section: view.conflict.code, link })}</p>}
      {fitting.length === 0 ? (
        <p>{t("none")}</p>
      ) : (
        <>
          <p>{t("title")}</p>
          <ul className="flex flex-wrap gap-2">
            {fitting.map(({ section }) => (
              <li key={section.id}>
                <LinkButton size="sm" href={sectionHref(section.id, list)}>
                  {section.code}
                  <span className="font-normal text-muted tabular">
                    {tCode("seatsLeft", { left: section.seatsAvailable, capacity: section.capacity })}
                  </span>
                </LinkButton>
              </li>
            ))}
          </ul>
        </>
      )}
      {fitting.length > 0 ? null : (
        <TextLink href={sectionsHref({ subject: subject ?? undefined, fitsMySchedule: "true" })}>
          {t("search")}
        </TextLink>
      )}
    </div>
  );
}
