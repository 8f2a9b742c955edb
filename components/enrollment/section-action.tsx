import { useTranslations } from "next-intl";
import type { SectionView } from "@/lib/enrollment/schema";
import { dropDialogId } from "./drop-dialog";
import { EnrollForm, type EnrollFormAction } from "./enroll-form";

/** Enroll or drop for one section, with its words. For server components. */
export function SectionAction({
  view,
  action,
  size,
}: {
  view: SectionView;
  action: EnrollFormAction;
  size?: "sm" | "md" | undefined;
}) {
  const t = useTranslations("enrollment");
  const { section } = view;
  const named = `${section.code}, ${section.course.title}`;
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
        enroll: t("enroll"),
        enrollIn: t("enrollIn", { section: named }),
        enrolling: t("enrolling"),
        enrolled: t("enrolled"),
        echo: t("enrolledEcho", { section: section.code }),
        drop: t("drop"),
        dropNamed: t("dropNamed", { section: named }),
      }}
    />
  );
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
