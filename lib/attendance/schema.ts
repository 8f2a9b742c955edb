import { z } from "zod";
import { cancelCauseSchema } from "@/lib/catalog/schema";
import { idSchema, instantSchema, pageOf, pageQuery, schoolDateSchema, textSchema } from "@/lib/shared/schema";
import { sayIn } from "@/lib/shared/say";

export const ATTENDANCE_STATUSES = ["PRESENT", "ABSENT", "LATE", "EXCUSED"] as const;
export type AttendanceStatus = (typeof ATTENDANCE_STATUSES)[number];
export const statusSchema = z.enum(ATTENDANCE_STATUSES);

/** SCHEDULED until one hour before the start, then OPEN; FINALIZED by a save with `finalize`; CANCELLED by the office. */
export const classStateSchema = z.enum(["SCHEDULED", "OPEN", "FINALIZED", "CANCELLED"]);
export type ClassState = z.infer<typeof classStateSchema>;

/** Why marks cannot be changed now. */
export const lockSchema = z.enum(["CANCELLED", "NOT_OPEN", "EDIT_WINDOW_OVER"]);
export type MarkingLock = z.infer<typeof lockSchema>;

export const MAX_RECORDS = 2000;
export const MAX_MINUTES_LATE = 600;
export const MAX_NOTE_LENGTH = 500;

const recordSchema = z
  .object({
    studentId: idSchema,
    status: statusSchema.nullable().describe("null clears a mark that is not final"),
    minutesLate: z
      .int()
      .min(0)
      .max(MAX_MINUTES_LATE)
      .nullish()
      .describe(
        "For LATE; with another status 0 is as good as left out. Left out: kept as it is while the student stays LATE",
      ),
    note: textSchema(MAX_NOTE_LENGTH).nullish().describe("Left out: kept as it is. Empty or null: taken away"),
  })
  .refine((record) => !record.minutesLate || record.status === "LATE", {
    path: ["minutesLate"],
    error: sayIn("field.minutesOfLate"),
  });

/** Body of mark-bulk. A student may stand in `records` once. */
export const markBulkSchema = z.object({
  classSessionId: idSchema,
  records: z
    .array(recordSchema)
    .max(MAX_RECORDS, sayIn("field.atMostRecords", { most: MAX_RECORDS }))
    .superRefine((records, issues) => {
      const seen = new Set<string>();
      for (const [index, { studentId }] of records.entries()) {
        if (seen.has(studentId))
          issues.addIssue({
            code: "custom",
            path: [index, "studentId"],
            message: sayIn("field.studentOnce"),
            input: studentId,
          });
        seen.add(studentId);
      }
    }),
  finalize: z.boolean().default(true).describe("false: keep the sheet open and tell nobody"),
  expectedVersion: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional()
    .describe("Version of the class session that the marks were made on"),
});
export type MarkBulkInput = z.output<typeof markBulkSchema>;
export type MarkInput = MarkBulkInput["records"][number];

const countsSchema = z.object({
  PRESENT: z.int(),
  ABSENT: z.int(),
  LATE: z.int(),
  EXCUSED: z.int(),
  UNMARKED: z.int(),
});
export type Counts = z.infer<typeof countsSchema>;

const alertsAtSchema = instantSchema
  .nullable()
  .describe("When guardians of the absent are notified; until then the class can be reopened. null: nothing waits");

export const markBulkResultSchema = z.object({
  classSession: z.object({ id: z.string(), state: classStateSchema }),
  version: z.int(),
  counts: countsSchema,
  alertsAt: alertsAtSchema,
});
export type MarkBulkResult = z.infer<typeof markBulkResultSchema>;

export const reopenResultSchema = markBulkResultSchema.pick({ classSession: true, version: true });
export type ReopenResult = z.infer<typeof reopenResultSchema>;
export const notifyResultSchema = markBulkResultSchema.pick({ classSession: true, version: true, alertsAt: true });
export type NotifyResult = z.infer<typeof notifyResultSchema>;

export const notExpectedSchema = z.enum(["EMPTY", "HISTORY"]);
export type NotExpected = z.infer<typeof notExpectedSchema>;

export const sectionRefSchema = z.object({ id: z.string(), code: z.string(), title: z.string() });

/** Where the plan has a class that was moved. */
export const movedFromSchema = z.object({
  date: z.string(),
  startsAt: instantSchema,
  endsAt: instantSchema,
  location: z.string().nullable(),
});
export const cancellationSchema = z.object({
  cause: cancelCauseSchema.describe("No school that day, this class, or its whole section"),
  reason: z.string().nullable().describe("Name of the day off, or the words of whoever cancelled it"),
});

export const classSessionSchema = z.object({
  id: z.string(),
  section: sectionRefSchema,
  date: z.string(),
  startsAt: instantSchema,
  endsAt: instantSchema,
  location: z.string().nullable(),
  state: classStateSchema,
  enrolled: z.int().describe("Students on the roster"),
  marked: z.int(),
  notExpected: notExpectedSchema
    .nullable()
    .describe(
      "Why nobody waits for its marks: EMPTY nobody is on the roster, HISTORY from before its section had a teacher",
    ),
  finalizedAt: instantSchema.nullable(),
  cancellation: cancellationSchema.nullable(),
  movedFrom: movedFromSchema.nullable(),
});
export type ClassSessionDto = z.infer<typeof classSessionSchema>;

export const classSessionsQuery = z.object({ ...pageQuery, date: schoolDateSchema.optional() });
export type ClassSessionsQuery = z.output<typeof classSessionsQuery>;
export const classSessionListSchema = pageOf(classSessionSchema);

export const sheetSchema = z.object({
  classSession: classSessionSchema,
  version: z.int(),
  alertsAt: alertsAtSchema,
  lock: lockSchema.nullable().describe("Why marks cannot be changed now; null: they can"),
  finishedWith: z.int().nullable().describe("How many students were on the sheet when it was finished; null: unknown"),
  roster: z.array(
    z.object({
      student: z.object({
        id: z.string(),
        name: z.string(),
        givenName: z.string(),
        familyName: z.string().describe("The roster is sorted by it"),
      }),
      status: statusSchema.nullable(),
      minutesLate: z.int().nullable(),
      note: z.string().nullable(),
      markedAt: instantSchema.nullable(),
      markedBy: z.object({ id: z.string(), name: z.string() }).nullable(),
      leftOn: z.string().nullable().describe("Last date in the class of a student who has left it since"),
      joinedAt: instantSchema.nullable().describe("When the student joined, if that was after the sheet was finished"),
    }),
  ),
});
export type SheetDto = z.infer<typeof sheetSchema>;
export type SheetRow = SheetDto["roster"][number];

export const sheetVersionSchema = z.object({
  version: z.int(),
  state: classStateSchema,
  finalizedAt: instantSchema.nullable(),
  alertsAt: alertsAtSchema,
});
export type SheetVersionDto = z.infer<typeof sheetVersionSchema>;
export const classSessionParams = z.object({ classSessionId: idSchema });

export const historyQuery = z.object({
  ...pageQuery,
  from: schoolDateSchema.optional(),
  to: schoolDateSchema.optional(),
});
export type HistoryQuery = z.output<typeof historyQuery>;

export const historyItemSchema = z.object({
  classSessionId: z.string(),
  section: sectionRefSchema,
  date: z.string(),
  startsAt: instantSchema,
  endsAt: instantSchema,
  status: statusSchema,
  minutesLate: z.int().nullable(),
  final: z.boolean().describe("false: the teacher has not finished the sheet, the mark may still change"),
});
export type HistoryItem = z.infer<typeof historyItemSchema>;
export const historyPageSchema = pageOf(historyItemSchema);

export const familyStudentsSchema = pageOf(z.object({ id: z.string(), name: z.string() }));
export const familyVersionSchema = z.object({ version: z.string() });
export const familyStudentsQuery = z.object(pageQuery);
export type FamilyStudentsQuery = z.output<typeof familyStudentsQuery>;
export const familyStudentParams = z.object({ studentId: idSchema });
