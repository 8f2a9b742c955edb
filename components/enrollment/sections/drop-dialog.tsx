import { getTranslations } from "next-intl/server";
import { Dialog } from "@/components/ui/dialog";
import type { SectionView } from "@/lib/timetable/schema";
import type { FormAction } from "./action-answer";
import { dropDialogId } from "./drop-dialog-id";
import { DropForm } from "./drop-form";

/** Asks before a seat is given up, and says what that means: harder words when the section is full. */
export async function DropDialog({ view, action }: { view: SectionView; action: FormAction }) {
  const [t, tUi] = await Promise.all([getTranslations("enrollment"), getTranslations("ui")]);
  const section = view.section.code;
  if (view.enrollmentId === null) return null;
  return (
    <Dialog id={dropDialogId(view.section.id)} title={t("dropTitle", { section })} closeLabel={tUi("close")}>
      <p className="text-muted">
        {t(view.section.seatsAvailable === 0 ? "dropConsequenceFull" : "dropConsequence", { section })}
      </p>
      <DropForm
        action={action}
        enrollmentId={view.enrollmentId}
        sectionId={view.section.id}
        words={{
          cancel: tUi("cancel"),
          confirm: t("dropConfirm", { section }),
          dropping: t("dropping"),
          echo: t("droppedEcho", { section }),
          lost: t("lost"),
        }}
      />
    </Dialog>
  );
}
