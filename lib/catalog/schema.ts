import { z } from "zod";
import { daySchema, idSchema, pageOf, pageQuery, schoolDateSchema, textSchema } from "@/lib/shared/schema";
import { sayIn } from "@/lib/shared/say";

/** Why a student cannot take a section, in the order in which enrolling decides. */
export const BLOCKERS = [
  "enrollment_closed",
  "already_enrolled",
  "time_conflict",
  "section_full",
  "prerequisite_missing",
  "credit_limit_exceeded",
  "enrollment_hold",
] as const;
export type Blocker = (typeof BLOCKERS)[number];

export const sectionStatusSchema = z.enum(["OPEN", "WAITLIST", "FULL", "CLOSED"]);
export type SectionStatus = z.infer<typeof sectionStatusSchema>;

const termSchema = z.object({ id: z.string(), title: z.string(), startsOn: z.iso.date(), endsOn: z.iso.date() });

/** A section as the contract shows it. Clock times are the school's; dates are local. */
export const sectionSchema = z.object({
  id: z.string(),
  sourcedId: z.string(),
  code: z.string(),
  course: z.object({
    id: z.string(),
    code: z.string(),
    title: z.string(),
    credits: z.number().nullable(),
    subject: z.string().nullable(),
  }),
  term: termSchema.meta({ description: "The first term by date" }),
  terms: z.array(termSchema).min(1).meta({ description: "All terms by date in which the section is held" }),
  teachers: z.array(z.object({ id: z.string(), name: z.string() })),
  meetings: z.array(
    z.object({ day: daySchema, startsAt: z.string(), endsAt: z.string(), location: z.string().nullable() }),
  ),
  capacity: z.int().min(0),
  seatsAvailable: z.int().min(0),
  waitlist: z.object({ capacity: z.int().min(0), length: z.int().min(0) }),
  status: sectionStatusSchema,
  blockers: z.array(z.enum(BLOCKERS)),
});
export type SectionDto = z.infer<typeof sectionSchema>;

/** A query value that a form sends empty means that it was not asked for. */
const optional = <T extends z.ZodType>(schema: T) =>
  z
    .preprocess((value) => (value === "" ? undefined : value), schema.optional())
    .meta({ param: { allowEmptyValue: true } });

const clockSchema = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, sayIn("field.clock", { example: "09:00" }));

/** Filters of the section list: the API's query and the page's address. */
export const sectionFilterFields = {
  q: optional(textSchema(100)).meta({
    description:
      "Words that must all occur in a section's code, title or place, its course, its teachers' names or the names of its days. Case, accents and special letters do not matter (`lodz` finds Łódź); when a word occurs nowhere, those nearest to it are looked for (`phisics` finds Physics).",
    examples: ["physics monday"],
  }),
  subject: optional(textSchema(200)),
  termId: optional(idSchema),
  day: optional(daySchema),
  from: optional(clockSchema).meta({
    description:
      "Only sections of which no class begins before this time (`HH:MM`, the school's clock). Sections without a fixed time stay.",
    examples: ["09:00"],
  }),
  to: optional(clockSchema).meta({
    description: "Only sections of which no class ends after this time. Sections without a fixed time stay.",
    examples: ["15:00"],
  }),
  fitsMySchedule: optional(z.enum(["true", "false", "1", "0"]).transform((value) => value === "true" || value === "1")),
  availability: z
    .preprocess((value) => (value === "" ? undefined : value), z.enum(["open", "all"]).default("open"))
    .meta({ param: { allowEmptyValue: true } }),
};

export const sectionListQuery = z.object({ ...sectionFilterFields, ...pageQuery });
export type SectionListQuery = z.infer<typeof sectionListQuery>;

/** At most this many sections in one question for live seats. */
export const MAX_SEAT_IDS = 100;

export const seatsQuery = z.object({
  ids: z
    .string()
    .max(MAX_SEAT_IDS * 65)
    .transform((text) => [...new Set(text.split(",").filter((id) => id !== ""))])
    .pipe(z.array(idSchema).min(1, sayIn("field.nameSection")).max(MAX_SEAT_IDS)),
});

/** Live seats of one section. */
export const liveSeatsSchema = z.object({
  id: z.string(),
  capacity: z.int().min(0),
  seatsAvailable: z.int().min(0),
  status: sectionStatusSchema,
});
export type LiveSeats = z.infer<typeof liveSeatsSchema>;
export const liveSeatsAnswer = z.object({ items: z.array(liveSeatsSchema) });

/** Why a class is cancelled: no school that day, somebody cancelled this class, or its whole section. */
export const cancelCauseSchema = z.enum(["DAY_OFF", "CLASS", "SECTION"]);
export type CancelCause = z.infer<typeof cancelCauseSchema>;

/** The longest time without school: a summer. */
export const MAX_DAYS_OFF = 120;
export const MAX_DAY_OFF_TITLE = 100;

/** Body of a day off: both dates included, one day when `to` is left out. */
export const dayOffInput = z
  .object({
    from: schoolDateSchema,
    to: z.preprocess((value) => (value === "" ? undefined : value), schoolDateSchema.optional()),
    title: textSchema(MAX_DAY_OFF_TITLE).refine((title) => title !== "", sayIn("field.dayName")),
  })
  .transform(({ from, to, title }) => ({ startsOn: from, endsOn: to ?? from, title }))
  .refine(({ startsOn, endsOn }) => startsOn <= endsOn, {
    path: ["to"],
    error: sayIn("field.lastDayFirst"),
  })
  .refine(({ startsOn, endsOn }) => (Date.parse(endsOn) - Date.parse(startsOn)) / 86_400_000 < MAX_DAYS_OFF, {
    path: ["to"],
    error: sayIn("field.daysAtOnce", { most: MAX_DAYS_OFF }),
  });
export type DayOffInput = z.output<typeof dayOffInput>;

export const dayOffSourceSchema = z.enum(["OFFICE", "ICAL", "ROSTER"]);
export const dayOffSchema = z.object({
  id: z.string(),
  startsOn: z.iso.date(),
  endsOn: z.iso.date().describe("Included"),
  title: z.string(),
  source: dayOffSourceSchema.describe("Who says so: the office, an imported calendar, or the roster"),
});
export type DayOff = z.infer<typeof dayOffSchema>;
export const dayOffListSchema = pageOf(dayOffSchema);

export const addedDayOffSchema = dayOffSchema.extend({
  classes: z.object({
    cancelled: z.int().describe("Classes that are cancelled by it"),
    kept: z.int().describe("Classes that have marks: they were held, and stay"),
  }),
});
export type AddedDayOff = z.infer<typeof addedDayOffSchema>;

export const calendarQuery = z.object({
  ...pageQuery,
  from: schoolDateSchema.optional().describe("Today when left out"),
  to: schoolDateSchema.optional().describe("A year after `from` when left out"),
});
export type CalendarQuery = z.output<typeof calendarQuery>;
export const dayOffParams = z.object({ id: idSchema });

/** The holidays of a preview as a form sends them back: JSON text. */
export const holidaysInput = z
  .string()
  .max(512 * 1024)
  .transform((text, issues): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      issues.addIssue({ code: "custom", message: sayIn("field.holidaysOfPreview") });
      return z.NEVER;
    }
  })
  .pipe(
    z
      .array(
        z
          .object({
            uid: textSchema(220).refine((uid) => uid !== ""),
            startsOn: schoolDateSchema,
            endsOn: schoolDateSchema,
            title: textSchema(MAX_DAY_OFF_TITLE).refine((title) => title !== ""),
          })
          .refine(({ startsOn, endsOn }) => startsOn <= endsOn),
      )
      .max(2_000)
      .refine((days) => new Set(days.map(({ uid }) => uid)).size === days.length, sayIn("field.holidayOnce")),
  );
