import { z } from "zod";
import { daySchema, idSchema, pageQuery, textSchema } from "@/lib/shared/schema";

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
  term: z.object({ id: z.string(), title: z.string(), startsOn: z.iso.date(), endsOn: z.iso.date() }),
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
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

const clockSchema = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "Use a clock time as HH:MM, for example 09:00");

/** Filters of the section list: the API's query and the page's address. */
export const sectionFilterFields = {
  q: optional(textSchema(100)),
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
  availability: z.preprocess((value) => (value === "" ? undefined : value), z.enum(["open", "all"]).default("open")),
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
    .pipe(z.array(idSchema).min(1, "Name at least one section").max(MAX_SEAT_IDS)),
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
