import { z } from "zod";

/** Text that PostgreSQL can store: it refuses NUL everywhere and half a surrogate pair in JSON. */
const text = z.string().refine((value) => !value.includes("\u0000") && value.isWellFormed(), { error: "not storable" });
const id = text.min(1);
const enrollmentData = z.object({
  enrollmentId: id,
  studentId: id,
  sectionId: id,
  sectionCode: text,
  sectionTitle: text,
  schoolId: id,
  status: text,
});
const attendanceData = z.object({
  attendanceRecordId: id,
  version: z.int32(),
  classSessionId: id,
  sectionId: id,
  sectionCode: text,
  sectionTitle: text,
  studentId: id,
  schoolId: id,
  /** Local date of the class, `YYYY-MM-DD`. */
  date: text,
  /** ISO 8601 with the school's offset. */
  startsAt: text,
  markedById: id,
});
const classChangeData = z.object({
  classSessionId: id,
  /** Grows with every change of this class session. */
  version: z.int32(),
  sectionId: id,
  sectionCode: text,
  sectionTitle: text,
  schoolId: id,
  /** Local date of the class, `YYYY-MM-DD`. */
  date: text,
  /** ISO 8601 with the school's offset. */
  startsAt: text,
  endsAt: text,
  location: text.nullable(),
  changedById: id,
  /** Who was enrolled, and who taught the section, when it changed. */
  studentIds: z.array(id),
  teacherIds: z.array(id),
});
/**
 * How many days ahead a day off is news. The holidays of a year, entered in August, are not: they stand in everybody's
 * calendar long before.
 */
export const DAY_OFF_NOTICE_DAYS = 14;
const dayOffData = z.object({
  dayOffId: id,
  /** Grows with every change of this day off. */
  version: z.int32(),
  schoolId: id,
  /** Local dates, both included. */
  startsOn: text,
  endsOn: text,
  title: text,
  changedById: id,
});
const attendanceStatus = z.enum(["PRESENT", "ABSENT", "LATE", "EXCUSED"]);

/** Data of each event type. The topic of an event is its type; adding a field is fine, changing or dropping one is not. */
export const EVENT_DATA = {
  student_enrolled: enrollmentData,
  student_dropped: enrollmentData,
  waitlist_promoted: enrollmentData,
  attendance_marked_absent: attendanceData,
  attendance_corrected: attendanceData.extend({ from: attendanceStatus, to: attendanceStatus }),
  class_session_cancelled: classChangeData,
  class_session_restored: classChangeData,
  /** `date`, `startsAt`, `endsAt` and `location` are the new ones; `from…` those of the plan. */
  class_session_moved: classChangeData.extend({ fromDate: text, fromStartsAt: text }),
  school_day_off_added: dayOffData,
  school_day_off_removed: dayOffData,
} as const;

export type EventType = keyof typeof EVENT_DATA;
export type EventData<T extends EventType> = z.infer<(typeof EVENT_DATA)[T]>;
export const EVENT_TYPES = Object.keys(EVENT_DATA) as EventType[];

/** Which lock serialises the events of a type, so that their order in the log is their commit order: the event key's. */
export const EVENT_LOCK: Record<EventType, "school" | "section" | "student"> = {
  student_enrolled: "section",
  student_dropped: "section",
  waitlist_promoted: "section",
  attendance_marked_absent: "student",
  attendance_corrected: "student",
  class_session_cancelled: "section",
  class_session_restored: "section",
  class_session_moved: "section",
  school_day_off_added: "school",
  school_day_off_removed: "school",
};

/** CloudEvents 1.0 in structured JSON mode (https://github.com/cloudevents/spec, v1.0.2 §3). */
export type CloudEvent<T extends EventType = EventType> = {
  specversion: "1.0";
  id: string;
  source: string;
  type: T;
  subject: string;
  time: string;
  datacontenttype: "application/json";
  data: EventData<T>;
};

const envelope = z.object({
  specversion: z.literal("1.0"),
  // It is part of keys in the inbox, where PostgreSQL takes no more than some 2,700 bytes.
  id: z.string().regex(/^[\x21-\x7e]{1,255}$/),
  source: id,
  type: z.enum(Object.keys(EVENT_DATA) as [EventType, ...EventType[]]),
  subject: text,
  time: z.iso.datetime({ offset: true }),
  datacontenttype: z.literal("application/json"),
  data: z.unknown(),
});

/**
 * Reads an envelope that came from outside (Kafka). Returns the reason when it is not one of ours, and then also when the
 * database could not keep it: it would come again for ever.
 */
export function parseCloudEvent(value: unknown): { event: CloudEvent } | { invalid: string } {
  const parsed = envelope.safeParse(value);
  if (!parsed.success) return { invalid: `envelope: ${issuePaths(parsed.error)}` };
  const data = EVENT_DATA[parsed.data.type].safeParse(parsed.data.data);
  if (!data.success) return { invalid: `data of ${parsed.data.type}: ${issuePaths(data.error)}` };
  return { event: { ...parsed.data, data: data.data } as CloudEvent };
}

function issuePaths(error: z.ZodError): string {
  return error.issues
    .map(({ path, code, message }) => `${path.join(".") || "(root)"} ${code === "custom" ? message : code}`)
    .join(", ");
}
