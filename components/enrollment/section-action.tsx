import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Icon } from "@/components/ui/icon";
import type { SectionView } from "@/lib/enrollment/schema";
import type { FormAction } from "./action-answer";
import { dropDialogId } from "./drop-dialog";
import { EnrollForm } from "./enroll-form";

/** Enroll or drop for one section, with its words. For server components. */
export function SectionAction({
  view,
  action,
  size,
  withState = true,
}: {
  view: SectionView;
  action: FormAction;
  size?: "sm" | "md" | undefined;
  /** Says "Enrolled" beside the button; not where the status of the section already does. */
  withState?: boolean | undefined;
}) {
  const t = useTranslations("enrollment");
  const { section } = view;
  const named = { section: `${section.code}, ${section.course.title}`, hidden };
  const isBlocked = section.blockers.some((blocker) => blocker !== "section_full");
  return (
    <EnrollForm
      seats={seatsOf(view)}
      place={view.enrollmentId !== null ? "mine" : isBlocked ? "blocked" : "free"}
      action={action}
      dropDialogId={dropDialogId(view)}
      detailHref={`/sections/${section.id}`}
      size={size}
      words={{
        enroll: t.rich("enrollIn", named),
        enrolling: t("enrolling"),
        enrolled: withState ? <EnrolledMark /> : undefined,
        echo: t("enrolledEcho", { section: section.code }),
        drop: t.rich("dropNamed", named),
        lost: t("lost"),
      }}
    />
  );
}

/** "Enrolled", with its tick. For server components. */
export function EnrolledMark() {
  const t = useTranslations("enrollment");
  return (
    <span className="inline-flex items-center gap-1 text-sm font-medium whitespace-nowrap text-present-fg">
      <Icon icon={Check} size="sm" />
      {t("enrolled")}
    </span>
  );
}

function hidden(words: ReactNode) {
  return <span className="sr-only">{words}</span>;
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
