import type { EventType } from "@/lib/shared/events";
import type { Kind } from "./kind";
import { phrases } from "./phrases";

/** Tells the student alone. A dropped enrollment never lives again: its drop comes after everything else about it. */
function enrollmentKind<T extends Extract<EventType, "student_enrolled" | "student_dropped" | "waitlist_promoted">>(
  words: "enrolled" | "dropped" | "promoted",
  { revision, ownAct }: { revision: number; ownAct: boolean },
): Kind<T> {
  return {
    category: "enrollment",
    push: "enrollment",
    urgency: "normal",
    plan(_reads, { data }) {
      const { enrollmentId, sectionId, sectionCode, sectionTitle, studentId } = data;
      return Promise.resolve({
        about: ["enrollment", enrollmentId],
        revision,
        studentId,
        ownAct,
        data: { enrollmentId, sectionId, sectionCode, sectionTitle },
        addressees: [{ userId: studentId, studentId }],
      });
    },
    words(data, _reader, locale) {
      const t = phrases(locale);
      const title = t(`item.${words}`, { section: data["sectionTitle"] ?? "" });
      return { title, body: t("item.sectionBody", { code: data["sectionCode"] ?? "" }) };
    },
  };
}

// Students enroll and drop by themselves; a seat that becomes free comes to them.
export const enrolled = enrollmentKind<"student_enrolled">("enrolled", { revision: 1, ownAct: true });
export const promoted = enrollmentKind<"waitlist_promoted">("promoted", { revision: 1, ownAct: false });
export const dropped = enrollmentKind<"student_dropped">("dropped", { revision: 2, ownAct: true });
