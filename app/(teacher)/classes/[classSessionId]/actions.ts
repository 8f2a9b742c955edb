"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { markBulk } from "@/lib/attendance/mark-bulk";
import { markBulkSchema, MAX_RECORDS, statusSchema } from "@/lib/attendance/schema";
import { idSchema } from "@/lib/shared/schema";
import { action } from "@/lib/web/action";
import { invalidRequest } from "@/lib/web/problem";

const MARK = "mark.";
const students = z.preprocess(
  (value) => (typeof value === "string" ? [value] : (value ?? [])),
  z.array(idSchema).max(MAX_RECORDS),
);
const plainSheetSchema = z.looseObject({
  classSessionId: idSchema,
  expectedVersion: z.coerce.number().int().min(0),
  finish: z.enum(["0", "1"]),
  othersPresent: z.literal("on").optional(),
  student: students,
});

const save = action(
  { name: "saveAttendanceSheet", roles: ["TEACHER"], input: plainSheetSchema },
  (ctx, { classSessionId, expectedVersion, finish, othersPresent, student, ...rest }) => {
    const records = student.flatMap((studentId) => {
      const marked = statusSchema.safeParse(rest[MARK + studentId]);
      if (marked.success) return [{ studentId, status: marked.data }];
      return othersPresent === "on" ? [{ studentId, status: "PRESENT" as const }] : [];
    });
    // What a form says is no more to be trusted than a body: a student named twice is refused here as well.
    const sheet = markBulkSchema.safeParse({ classSessionId, expectedVersion, finalize: finish === "1", records });
    if (!sheet.success) throw invalidRequest(sheet.error);
    return markBulk(ctx, sheet.data);
  },
);

/** The sheet as a plain form, for browsers without script: saves it and shows the page again with what happened. */
export async function saveSheetAction(form: FormData): Promise<void> {
  const outcome = await save(form);
  const classSessionId = String(form.get("classSessionId") ?? "");
  const done = form.get("finish") === "1" ? "finished" : "saved";
  const query =
    outcome.status === "done" ? `done=${done}` : `failed=${outcome.status === "failed" ? outcome.code : ""}`;
  redirect(`/classes/${encodeURIComponent(classSessionId)}?${query}`);
}
