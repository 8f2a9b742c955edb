import type { EventData } from "@/lib/shared/events";
import type { Addressee, Kind, News, PlanReads } from "./kind";
import { classText, phrases, statusOf } from "./phrases";

type Marked = EventData<"attendance_marked_absent">;

/** An absence, for the student and every guardian at the time of the event. */
export const absence: Kind<"attendance_marked_absent"> = {
  category: "absence",
  push: "attendance",
  urgency: "high",
  async plan(reads, { data }) {
    return { ...attendanceNews(data), addressees: await studentAndGuardians(reads, data) };
  },
  words(data, { isOwn, name }, locale) {
    const t = phrases(locale);
    const section = data["sectionTitle"] ?? "";
    const title = isOwn ? t("item.absentOwn", { section }) : t("item.absent", { name, section });
    return { title, body: classText(data, locale) };
  },
};

/** A mark that was changed after its class was finished: takes the place of the alert about the same mark. */
export const correction: Kind<"attendance_corrected"> = {
  category: "attendanceCorrection",
  push: "attendance",
  urgency: "high",
  async plan(reads, { data }) {
    const news = attendanceNews(data);
    return {
      ...news,
      data: { ...news.data, from: data.from, to: data.to },
      addressees: await studentAndGuardians(reads, data),
    };
  },
  words(data, { isOwn, name }, locale) {
    const t = phrases(locale);
    const section = data["sectionTitle"] ?? "";
    const to = statusOf(data["to"]);
    const title = isOwn ? t(`item.correctedOwn.${to}`, { section }) : t(`item.corrected.${to}`, { name, section });
    return { title, body: classText(data, locale) };
  },
};

/**
 * What a mark says. An absence and its correction are about the same attendance record and carry its version, so that the
 * later one replaces the earlier one whatever order they come in.
 */
export function attendanceNews(data: Marked): News & { studentId: string } {
  const { attendanceRecordId, classSessionId, sectionId, sectionCode, sectionTitle, date, startsAt } = data;
  return {
    about: ["attendance", attendanceRecordId],
    revision: data.version,
    studentId: data.studentId,
    data: { attendanceRecordId, classSessionId, sectionId, sectionCode, sectionTitle, date, startsAt },
  };
}

/** Without the one who made the mark: a teacher needs no alert about their own doing. */
async function studentAndGuardians(
  { guardiansOf }: PlanReads,
  { schoolId, studentId, markedById }: Marked,
): Promise<Addressee[]> {
  const rows = await guardiansOf(schoolId, [studentId]);
  const guardians = rows.map(({ guardianId }) => guardianId).filter((guardianId) => guardianId !== markedById);
  return [studentId, ...guardians].map((userId) => ({ userId, studentId }));
}
