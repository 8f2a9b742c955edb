import type { AttendanceStatus, ClassSessionDto } from "../schema";

/** One class of a student on one day; `status` is the mark of a finished sheet, null while nobody knows. */
export type StudentClass = {
  classSessionId: string;
  title: string;
  startsAt: string;
  endsAt: string;
  /** Nobody is in it today: it is cancelled, or it was moved to another day. */
  isCancelled: boolean;
  status: AttendanceStatus | null;
  minutesLate: number | null;
  /** The class as it is, when it is not as planned; its date may be another one. */
  change?: Pick<ClassSessionDto, "date" | "startsAt" | "location" | "cancellation" | "movedFrom">;
};

/** A class with its final mark. */
export type MarkedClass = StudentClass & { status: AttendanceStatus };

/**
 * What a guardian is told first about a day. `where` says what the newest mark still proves: `inClass` that class or the
 * break after it is now; `unmarked` a later class has begun and nobody has said yet; `over` the day's last class is.
 */
export type DayAnswer =
  | { kind: "none" }
  | { kind: "ahead"; next: StudentClass }
  | { kind: "unknown"; waiting: StudentClass }
  | { kind: "marked"; last: MarkedClass; where: "inClass" | "over"; earlierAbsences: MarkedClass[] }
  | { kind: "marked"; last: MarkedClass; where: "unmarked"; waiting: StudentClass; earlierAbsences: MarkedClass[] };

/**
 * The one sentence about today, from the classes in order of time. The newest final mark says where the child is; earlier
 * absences stand beside it. A class that has begun and is not marked is "not yet known", never "present". A mark that the
 * teacher has not finished does not count, because it may still change.
 */
export function dayAnswer(classes: readonly StudentClass[], now: Date): DayAnswer {
  const held = classes.filter(({ isCancelled }) => !isCancelled);
  const begun = ({ startsAt }: StudentClass) => Date.parse(startsAt) <= now.getTime();
  const place = held.findLastIndex(({ status }) => status !== null);
  const last = held[place];
  if (last && isMarked(last)) {
    const earlierAbsences = held
      .slice(0, place)
      .filter(isMarked)
      .filter(({ status }) => status === "ABSENT");
    const waiting = held.slice(place + 1).find(begun);
    if (waiting) return { kind: "marked", last, where: "unmarked", waiting, earlierAbsences };
    const isOver = place === held.length - 1 && Date.parse(last.endsAt) <= now.getTime();
    return { kind: "marked", last, where: isOver ? "over" : "inClass", earlierAbsences };
  }
  const waiting = held.find(begun);
  if (waiting) return { kind: "unknown", waiting };
  const next = held[0];
  return next ? { kind: "ahead", next } : { kind: "none" };
}

function isMarked(item: StudentClass): item is MarkedClass {
  return item.status !== null;
}

/** Rank of an answer among a guardian's children: the smaller, the sooner somebody should read it. */
export function urgencyOf(answer: DayAnswer): number {
  if (answer.kind === "ahead" || answer.kind === "none") return 5;
  if (answer.kind === "unknown") return 3;
  if (answer.last.status === "ABSENT") return 0;
  if (answer.earlierAbsences.length > 0) return 1;
  return answer.last.status === "LATE" ? 2 : 4;
}
