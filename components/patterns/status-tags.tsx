import { useTranslations } from "next-intl";
import {
  type AttendanceState,
  AttendanceStatusTag,
  type SectionState,
  SectionStatusTag,
} from "@/components/ui/status-tag";
import { SeatBar } from "@/components/ui/progress";

/** Attendance status with its word; for server components (client leaves give the word to `AttendanceStatusTag`). */
export function AttendanceTag({
  status,
  minutesLate,
  isSuggested,
  size,
}: {
  status: AttendanceState | null;
  minutesLate?: number | null | undefined;
  isSuggested?: boolean | undefined;
  size?: "sm" | "md" | undefined;
}) {
  const t = useTranslations("ui");
  const state = status ?? "UNMARKED";
  const word =
    state === "LATE" && typeof minutesLate === "number"
      ? t("lateByMinutes", { minutes: minutesLate })
      : t(`attendanceStatus.${state}`);
  return (
    <AttendanceStatusTag status={state} isSuggested={isSuggested ?? false} size={size ?? "md"}>
      {word}
    </AttendanceStatusTag>
  );
}

/** Section status with its word, and how many wait. For server components. */
export function SectionTag({
  status,
  waiting = 0,
  size,
}: {
  status: SectionState;
  waiting?: number | undefined;
  size?: "sm" | "md" | undefined;
}) {
  const t = useTranslations("ui");
  return (
    <SectionStatusTag status={status} size={size ?? "md"}>
      {status === "WAITLIST" && waiting > 0 ? t("waitlistWaiting", { waiting }) : t(`sectionStatus.${status}`)}
    </SectionStatusTag>
  );
}

/** Seats of a section in words with the bar. For server components. */
export function Seats({ taken, capacity }: { taken: number; capacity: number }) {
  const t = useTranslations("ui");
  return (
    <SeatBar taken={taken} capacity={capacity}>
      {taken > capacity
        ? t("seatsOverfilled", { taken, capacity })
        : t("seatsLeft", { left: capacity - taken, capacity })}
    </SeatBar>
  );
}
