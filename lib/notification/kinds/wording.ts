import type { Person } from "@/lib/identity/people/people";
import { KINDS, type NotificationKind } from "./registry";

/** A notification as stored, as far as its words need it. */
export type Worded = {
  kind: NotificationKind;
  userId: string;
  studentId: string | null;
  data: Record<string, string>;
};

/**
 * Title and body of a notification for its recipient. Names come from `people` at the time of reading and are never
 * stored with the notification; the class is told by its own local date and time. `locale` is the recipient's.
 */
export function wordsOf(
  { kind, userId, studentId, data }: Worded,
  people: ReadonlyMap<string, Person>,
  locale: string,
): { title: string; body: string } {
  const reader = {
    name: people.get(studentId ?? "")?.givenName ?? "",
    isOwn: studentId === userId,
    isOfChild: studentId !== null && studentId !== userId,
  };
  return KINDS[kind].words(data, reader, locale);
}
