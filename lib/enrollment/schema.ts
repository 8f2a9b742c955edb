import { z } from "zod";
import { idSchema } from "@/lib/shared/schema";

export const enrollBody = z.object({
  sectionId: idSchema,
  joinWaitlist: z
    .boolean()
    .default(false)
    .describe("Has no effect: there are no waitlists yet, and a full section answers `section_full`"),
});
export type EnrollInput = z.infer<typeof enrollBody>;

export const enrolledSchema = z.object({ id: z.string(), sectionId: z.string(), status: z.literal("ENROLLED") });
export type Enrolled = z.infer<typeof enrolledSchema>;

export const enrollmentParams = z.object({ id: idSchema });

/** Which of the student's sections a section overlaps, and where first. */
export type Conflict = { sectionId: string; code: string; day: number; startMinute: number };

/** Fields of the forms on the pages. */
export const enrollForm = z.object({ sectionId: idSchema });
export const dropForm = z.object({ id: idSchema, sectionId: idSchema });
