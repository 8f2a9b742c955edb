import type { EventType } from "@/lib/shared/events";
import { absence, correction } from "./attendance";
import { classCancelled, classMoved, classRestored } from "./class-change";
import { dayOffAdded, dayOffRemoved } from "./day-off";
import { dropped, enrolled, promoted } from "./enrollment";
import type { AskedForLook, Kind, KindLook } from "./kind";
import { phrases } from "./phrases";

/** Every event that makes a notification, and its kind. */
export const EVENT_KINDS = {
  attendance_marked_absent: absence,
  attendance_corrected: correction,
  student_enrolled: enrolled,
  student_dropped: dropped,
  waitlist_promoted: promoted,
  class_session_cancelled: classCancelled,
  class_session_restored: classRestored,
  class_session_moved: classMoved,
  school_day_off_added: dayOffAdded,
  school_day_off_removed: dayOffRemoved,
} satisfies { [T in EventType]?: Kind<T> };

/** A person's own test of a device. */
const test: AskedForLook = {
  category: null,
  push: "test",
  urgency: "high",
  path: "/preferences",
  words(_data, _reader, locale) {
    const t = phrases(locale);
    return { title: t("push.title"), body: t("push.test") };
  },
};

/** What made a notification; decides words, push and urgency. */
export type NotificationKind = keyof typeof EVENT_KINDS | "test";

/** Every kind there is. */
export const KINDS: Readonly<Record<NotificationKind, KindLook | AskedForLook>> = { ...EVENT_KINDS, test };
