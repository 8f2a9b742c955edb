import type { EventOf } from "@/lib/platform/events/delivery/consumer";
import type { Kind, KindLook, Planned, PlanReads, Reader } from "./kind";
import { classText, classTime, dayText, phrases } from "./phrases";

type Change = "cancelled" | "moved" | "restored";

const look = (change: Change, urgency: KindLook["urgency"]): KindLook => ({
  category: "classChange",
  push: "classChange",
  urgency,
  words: (data, reader, locale) => words(change, data, reader, locale),
});

export const classCancelled: Kind<"class_session_cancelled"> = {
  ...look("cancelled", "high"),
  plan: (reads, event) => plan(reads, event, {}),
};
export const classRestored: Kind<"class_session_restored"> = {
  ...look("restored", "normal"),
  plan: (reads, event) => plan(reads, event, {}),
};
export const classMoved: Kind<"class_session_moved"> = {
  ...look("moved", "high"),
  plan: (reads, event) => plan(reads, event, { fromDate: event.data.fromDate, fromStartsAt: event.data.fromStartsAt }),
};

/**
 * A class that was cancelled, moved or is held after all: news for its students, their guardians at the time of the event
 * and the teachers of its section, but not for whoever did it. Nobody is notified of a class that was over then. All
 * changes of one class are one topic, and the later replaces the earlier.
 */
async function plan(
  { guardiansOf }: PlanReads,
  { data, time }: EventOf<"class_session_cancelled" | "class_session_restored" | "class_session_moved">,
  more: Record<string, string>,
): Promise<Planned> {
  if (Date.parse(data.endsAt) <= Date.parse(time)) return { nobody: "the class was over when it changed" };
  const guardians = await guardiansOf(data.schoolId, data.studentIds);
  const addressees = [
    ...data.studentIds.map((studentId) => ({ userId: studentId, studentId })),
    ...data.teacherIds.map((userId) => ({ userId, studentId: null })),
    ...guardians.map(({ guardianId, studentId }) => ({ userId: guardianId, studentId })),
  ];
  const { classSessionId, sectionId, sectionCode, sectionTitle, date, startsAt, location } = data;
  return {
    about: ["class", classSessionId],
    revision: data.version,
    studentId: null,
    data: { classSessionId, sectionId, sectionCode, sectionTitle, date, startsAt, location: location ?? "", ...more },
    addressees: addressees.filter(({ userId }) => userId !== data.changedById),
  };
}

/** The day that people remember is in the title, where the class is now in the body. */
function words(change: Change, data: Record<string, string>, { name, isOfChild }: Reader, locale: string) {
  const t = phrases(locale);
  const day = dayText((change === "moved" ? data["fromDate"] : data["date"]) ?? "", locale);
  const title = t(`item.classChange.${isOfChild ? "ofChild" : "own"}.${change}`, {
    section: data["sectionTitle"] ?? "",
    name,
    day,
  });
  if (change !== "moved") return { title, body: classText(data, locale) };
  const place = { code: data["sectionCode"] ?? "", ...classTime(data, locale), location: data["location"] ?? "" };
  return { title, body: place.location === "" ? t("item.movedBody", place) : t("item.movedBodyRoom", place) };
}
