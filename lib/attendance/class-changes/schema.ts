import { z } from "zod";
import { idSchema, instantSchema, schoolDateSchema, textSchema } from "@/lib/shared/schema";
import { minuteOf } from "@/lib/shared/time";
import { cancellationSchema, classStateSchema, movedFromSchema, sectionRefSchema } from "../schema";
import { sayIn } from "@/lib/shared/say";

export const MAX_REASON_LENGTH = 200;
export const MAX_ROOM_LENGTH = 100;

const reason = textSchema(MAX_REASON_LENGTH)
  .nullish()
  .transform((text) => text || null)
  .describe("For the people of the class, in your words");
const clock = (message: string) =>
  z
    .string()
    .regex(/^\d{1,2}:\d{2}$/, message)
    .refine((text) => minuteOf(text) !== null, message);

export const classChangeParams = z.object({ id: idSchema });
export const cancelClassInput = z.object({ reason });

export const moveClassInput = z
  .object({
    date: schoolDateSchema,
    startsAt: clock(sayIn("field.clock", { example: "09:00" })).describe("`HH:MM`, the school's clock"),
    endsAt: clock(sayIn("field.clock", { example: "09:50" })).describe("`HH:MM`; 24:00 is midnight"),
    location: textSchema(MAX_ROOM_LENGTH)
      .nullish()
      .describe("The room; empty or null: the one of the plan. Left out: as it is"),
    reason,
  })
  .refine(({ startsAt, endsAt }) => (minuteOf(startsAt) ?? 0) < (minuteOf(endsAt) ?? 0), {
    path: ["endsAt"],
    error: sayIn("field.endAfterStart"),
  });
export type MoveClassInput = z.output<typeof moveClassInput>;

const countsSchema = z.object({ students: z.int(), guardians: z.int(), teachers: z.int() });

export const classChangeSchema = z.object({
  classSession: z.object({
    id: z.string(),
    section: sectionRefSchema,
    date: z.string(),
    startsAt: instantSchema,
    endsAt: instantSchema,
    location: z.string().nullable(),
    state: classStateSchema,
    cancellation: cancellationSchema.nullable(),
    movedFrom: movedFromSchema.nullable(),
  }),
  changed: z.boolean().describe("false: it was so already, and nobody is notified again"),
  notified: countsSchema.describe("How many people are notified; of a class that is over nobody is"),
  overlaps: z
    .object({ students: z.int(), teachers: z.int() })
    .describe("People of the class who have another one at that time: a warning, not a refusal"),
});
export type ClassChange = z.infer<typeof classChangeSchema>;
