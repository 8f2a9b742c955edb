"use server";

import { getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { FieldsState } from "@/components/patterns/forms/fields-form";
import { cancelClassSession } from "@/lib/attendance/class-changes/cancel-class-session";
import { moveClassSession, overlapsOfMove } from "@/lib/attendance/class-changes/move-class-session";
import { restoreClassSession } from "@/lib/attendance/class-changes/restore-class-session";
import { cancelClassInput, classChangeParams, moveClassInput } from "@/lib/attendance/class-changes/schema";
import { action, type ActionState } from "@/lib/web/page/action";
import { formArgument } from "@/lib/web/page/form-argument";

const roles = ["TEACHER", "ADMIN"] as const;
const cancel = action(
  { name: "cancelClassSession", roles, input: z.intersection(classChangeParams, cancelClassInput) },
  cancelClassSession,
);
const moveForm = z.intersection(classChangeParams, moveClassInput);
const move = action({ name: "moveClassSession", roles, input: moveForm }, moveClassSession);
const look = action({ name: "overlapsOfMove", roles, input: moveForm }, overlapsOfMove);
const restore = action({ name: "restoreClassSession", roles, input: classChangeParams }, restoreClassSession);

/** Cancels the class of the form and shows its page with what happened. */
export async function cancelClassAction(_before: FieldsState, form: FormData): Promise<FieldsState> {
  const outcome = await cancel(form);
  if (outcome.status === "done") redirect(pageOf(form, "done=cancelled"));
  return stateOf(outcome, form, ["reason"]);
}

/** Moves the class of the form; when people of it are busy then, it asks once before. */
export async function moveClassAction(_before: FieldsState, form: FormData): Promise<FieldsState> {
  const fields = ["date", "startsAt", "endsAt", "location", "reason"] as const;
  if (formArgument(form).get("anyway") === null) {
    const overlaps = await look(form);
    if (overlaps.status !== "done") return stateOf(overlaps, form, fields);
    if (overlaps.data.students + overlaps.data.teachers > 0) {
      const t = await getTranslations("calendar.change");
      return { values: valuesOf(form, fields), errors: [], warning: t("overlaps", overlaps.data).trim() };
    }
  }
  const outcome = await move(form);
  if (outcome.status === "done") redirect(pageOf(form, "done=moved"));
  return stateOf(outcome, form, fields);
}

/** Takes the last change of the class of the form back. */
export async function restoreClassAction(form: FormData): Promise<void> {
  const outcome = await restore(form);
  if (outcome.status === "done") redirect(pageOf(form, "done=restored"));
  redirect(pageOf(form, `problem=${outcome.status === "failed" ? problemOf(outcome) : "failed"}`));
}

/** The page that the form stands on: the office's or the teacher's. */
function pageOf(form: FormData, query: string): string {
  const given = formArgument(form);
  const id = encodeURIComponent(String(given.get("id") ?? ""));
  const path = given.get("place") === "office" ? `/admin/classes/${id}` : `/classes/${id}/change`;
  return `${path}?${query}`;
}

function valuesOf(form: FormData, fields: readonly string[]): Record<string, string> {
  const given = formArgument(form);
  return Object.fromEntries(fields.map((name) => [name, String(given.get(name) ?? "")]));
}

type Field = "date" | "startsAt" | "endsAt" | "location" | "reason";
const LOCKS = ["MARKED", "FINALIZED", "SECTION_CANCELLED", "DAY_OFF"] as const;

async function stateOf(outcome: ActionState<unknown>, form: FormData, fields: readonly Field[]): Promise<FieldsState> {
  const t = await getTranslations("calendar.change.problem");
  const wrong = outcome.status === "failed" ? outcome.errors.map(({ path }) => path) : [];
  const errors = fields.filter((field) => wrong.includes(field)).map((field) => ({ field, message: t(field) }));
  const message = t(outcome.status === "failed" ? problemOf(outcome) : "failed");
  return { values: valuesOf(form, fields), errors: errors.length > 0 ? errors : [{ message }], warning: null };
}

function problemOf(outcome: Extract<ActionState<unknown>, { status: "failed" }>) {
  if (outcome.code === "class_session_overlap") return "overlap";
  return LOCKS.find((lock) => outcome.code === "class_session_locked" && outcome.lock === lock) ?? "failed";
}
