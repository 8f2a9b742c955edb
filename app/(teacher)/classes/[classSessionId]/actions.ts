"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { markBulk } from "@/lib/attendance/sheet/mark-bulk";
import { notifyNow } from "@/lib/attendance/grace/notify-now";
import { reopenSheet } from "@/lib/attendance/grace/reopen-sheet";
import { markBulkSchema, MAX_RECORDS, statusSchema } from "@/lib/attendance/schema";
import { idSchema } from "@/lib/shared/schema";
import { action } from "@/lib/web/page/action";
import { formArgument } from "@/lib/web/page/form-argument";
import { invalidRequest } from "@/lib/web/route/problem";

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
  /** Joined after the finish: marked only by name. */
  later: students,
});

const save = action(
  { name: "saveAttendanceSheet", roles: ["TEACHER"], input: plainSheetSchema },
  (ctx, { classSessionId, expectedVersion, finish, othersPresent, student, later, ...rest }) => {
    const records = [...student, ...later].flatMap((studentId) => {
      const marked = statusSchema.safeParse(rest[MARK + studentId]);
      if (marked.success) return [{ studentId, status: marked.data }];
      return othersPresent === "on" && !later.includes(studentId) ? [{ studentId, status: "PRESENT" as const }] : [];
    });
    // What a form says is no more to be trusted than a body: a student named twice is refused here as well.
    const sheet = markBulkSchema.safeParse({ classSessionId, expectedVersion, finalize: finish === "1", records });
    if (!sheet.success) throw invalidRequest(sheet.error);
    return markBulk(ctx, sheet.data);
  },
);

const oneClass = z.object({ classSessionId: idSchema });
const reopen = action({ name: "reopenAttendance", roles: ["TEACHER"], input: oneClass }, (ctx, input) =>
  reopenSheet(ctx, input.classSessionId),
);
const notify = action({ name: "notifyAttendance", roles: ["TEACHER"], input: oneClass }, (ctx, input) =>
  notifyNow(ctx, input.classSessionId),
);

/** Opens a finished class again, without script. */
export async function reopenSheetAction(form: FormData): Promise<void> {
  const { status, ...outcome } = await reopen(form);
  const isLate = "code" in outcome && outcome.code === "attendance_locked";
  redirect(`${pathOf(form)}?${status === "done" ? "done=reopened" : `failed=${isLate ? "reopen" : "other"}`}`);
}

/** Guardians are notified now, without script. */
export async function notifyNowAction(form: FormData): Promise<void> {
  const { status } = await notify(form);
  redirect(`${pathOf(form)}?${status === "done" ? "done=notified" : "failed=other"}`);
}

function pathOf(form: FormData): string {
  return `/classes/${encodeURIComponent(String(formArgument(form).get("classSessionId") ?? ""))}/plain`;
}

/** The sheet as a plain form, for browsers without script: saves it and shows the page again with what happened. */
export async function saveSheetAction(form: FormData): Promise<void> {
  const outcome = await save(form);
  const fields = formArgument(form);
  const done = fields.get("finish") === "1" ? "finished" : "saved";
  const query =
    outcome.status === "done" ? `done=${done}` : `failed=${outcome.status === "failed" ? outcome.code : ""}`;
  redirect(`${pathOf(form)}?${query}`);
}
