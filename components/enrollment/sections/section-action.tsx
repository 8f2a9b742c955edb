import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Check, Icon } from "@/components/ui/icon";
import type { SectionView } from "@/lib/timetable/schema";
import { dropDialogId } from "./drop-dialog-id";
import { EnrollForm, type EnrollFormProps } from "./enroll-form";

/** Enroll or drop for one section, with its words; stands in `SectionActs`. For server components. */
export function SectionAction({
  view,
  detailHref,
  size,
  withState = true,
  children,
}: {
  view: SectionView;
  /** The section's page, where one drops without script. */
  detailHref: string;
  size?: "xs" | "md" | undefined;
  /** Says "Enrolled" beside the button; not where the status of the section already does. */
  withState?: boolean | undefined;
  /** Stands where the button would be while the section cannot be taken. */
  children?: ReactNode;
}) {
  const t = useTranslations("enrollment");
  const { section } = view;
  const about = `${section.code}, ${section.course.title}`;
  const named = { section: about, hidden };
  return (
    <EnrollForm
      seats={seatsOf(view)}
      place={placeOf(view)}
      dropDialogId={dropDialogId(section.id)}
      detailHref={detailHref}
      size={size}
      words={{
        about,
        enroll: t.rich("enrollIn", named),
        enrolling: t("enrolling"),
        enrolled: withState ? <EnrolledMark /> : undefined,
        echo: t("enrolledEcho", { section: section.code }),
        drop: t.rich("dropNamed", named),
        full: t("reasons.full"),
      }}
    >
      {children}
    </EnrollForm>
  );
}

/** "Enrolled", with its tick. For server components. */
export function EnrolledMark() {
  const t = useTranslations("enrollment");
  return (
    <span className="inline-flex items-center gap-1 text-xs font-medium whitespace-nowrap text-present-fg max-md:text-sm">
      <Icon icon={Check} size="sm" />
      {t("enrolled")}
    </span>
  );
}

function hidden(words: ReactNode) {
  return <span className="sr-only">{words}</span>;
}

/** Where the student stands to a section. A full one is not blocked: a seat may become free while one looks. */
export function placeOf({ enrollmentId, section }: SectionView): EnrollFormProps["place"] {
  if (enrollmentId !== null) return "mine";
  return section.blockers.some((blocker) => blocker !== "section_full") ? "blocked" : "free";
}

/** The seats that the page came with, for the leaves that keep them up to date. */
export function seatsOf({ section }: SectionView) {
  return {
    id: section.id,
    capacity: section.capacity,
    seatsAvailable: section.seatsAvailable,
    status: section.status,
  };
}
