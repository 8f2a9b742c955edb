import { useTranslations } from "next-intl";
import type { SectionView } from "@/lib/timetable/schema";
import { conflictWords } from "../sections/reasons/reason-line";
import type { SectionGhost } from "./section-ghost";

/**
 * What the week says of a section, in words that agree with its row: the first reason against it, else that it fits. For
 * server components.
 */
export function useSectionGhosts(): (view: SectionView) => SectionGhost {
  const t = useTranslations("enrollment");
  const tSections = useTranslations("sections");
  return ({ section, enrollmentId, conflict, sameCourseAs }) => {
    const termEndsOn =
      section.terms
        .map((term) => term.endsOn)
        .sort()
        .at(-1) ?? section.term.endsOn;
    const common = { code: section.code, termStartsOn: section.term.startsOn, termEndsOn };
    if (enrollmentId !== null) return { ...common, kind: "mine", verdict: t("youAreIn") };
    const overlap = conflict && conflictWords(conflict, (day) => tSections(`dayLong.${day}`));
    const kind = overlap ? "overlaps" : section.meetings.length === 0 ? "untimed" : "fits";
    const [blocker] = section.blockers;
    const blocked = { ...common, kind, isBlocked: true } as const;
    if (blocker === "enrollment_closed") return { ...blocked, verdict: t("reasons.notOpen") };
    if (blocker === "already_enrolled" && sameCourseAs)
      return { ...blocked, verdict: t("reasons.sameCoursePlain", { section: sameCourseAs.code }) };
    if (overlap) return { ...blocked, verdict: t("reasons.conflictPlain", overlap) };
    const verdict = kind === "untimed" ? tSections("noTime") : t("fits");
    return { ...common, kind, isFull: blocker === "section_full", verdict };
  };
}
