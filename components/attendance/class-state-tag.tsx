import { Ban, CircleCheck, CircleDashed, Clock, Minus, PencilLine } from "@/components/ui/icon";
import { useTranslations } from "next-intl";
import { StatusTag } from "@/components/ui/status-tag";
import type { ClassSessionDto } from "@/lib/attendance/schema";
import { clockText } from "./times";

/** How far the marking of a class is, in words: Not marked, 12 of 30, Done 09:02, Opens 12:00, Cancelled. */
export function ClassStateTag({ session, opensAt }: { session: ClassSessionDto; opensAt: string }) {
  const t = useTranslations("attendance.today");
  if (session.state === "CANCELLED") return <StatusTag icon={Ban}>{t("cancelled")}</StatusTag>;
  if (session.state === "FINALIZED")
    return (
      <StatusTag tone="good" icon={CircleCheck}>
        {t("done", { time: session.finalizedAt ? clockText(session.finalizedAt) : "" })}
      </StatusTag>
    );
  if (session.state === "SCHEDULED")
    return <StatusTag icon={Clock}>{t("opensAt", { time: clockText(opensAt) })}</StatusTag>;
  if (session.notExpected !== null && session.marked === 0)
    return <StatusTag icon={Minus}>{t(`notExpected.${session.notExpected}`)}</StatusTag>;
  if (session.marked === 0) return <StatusTag icon={CircleDashed}>{t("notMarked")}</StatusTag>;
  return (
    <StatusTag tone="warning" icon={PencilLine}>
      {t("partlyMarked", { marked: session.marked, enrolled: session.enrolled })}
    </StatusTag>
  );
}
