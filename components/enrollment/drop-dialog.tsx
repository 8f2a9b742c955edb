import { getTranslations } from "next-intl/server";
import { ConfirmDialog } from "@/components/patterns/confirm-dialog";
import type { SectionView } from "@/lib/enrollment/schema";

export type DropAction = (form: FormData) => Promise<void>;

/** Id of the dialog that asks before a section is dropped. */
export function dropDialogId(view: SectionView): string {
  return `drop-${view.section.id}`;
}

/** Asks before a seat is given up, and says what that means: harder words when the section is full. */
export async function DropDialog({ view, action }: { view: SectionView; action: DropAction }) {
  const t = await getTranslations("enrollment");
  const section = view.section.code;
  if (view.enrollmentId === null) return null;
  return (
    <ConfirmDialog
      id={dropDialogId(view)}
      title={t("dropTitle", { section })}
      confirmLabel={t("dropConfirm", { section })}
      pendingLabel={t("dropping")}
      action={action}
      fields={{ id: view.enrollmentId, sectionId: view.section.id }}
    >
      {t(view.section.seatsAvailable === 0 ? "dropConsequenceFull" : "dropConsequence", { section })}
    </ConfirmDialog>
  );
}
