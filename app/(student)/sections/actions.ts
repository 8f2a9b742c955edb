"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import type { FormState } from "@/components/enrollment/sections/action-answer";
import { dropEnrollment } from "@/lib/enrollment/registration/drop-enrollment";
import { enroll } from "@/lib/enrollment/registration/enroll";
import { dropForm, enrollForm } from "@/lib/enrollment/schema";
import { action, type ActionState } from "@/lib/web/page/action";
import { formArgument } from "@/lib/web/page/form-argument";
import { refusalKey } from "./_components/refusal";

const enrollByForm = action({ name: "enroll", roles: ["STUDENT"], input: enrollForm }, (ctx, input) =>
  enroll(ctx, { ...input, joinWaitlist: false }),
);
const dropByForm = action({ name: "drop", roles: ["STUDENT"], input: dropForm }, (ctx, input) =>
  dropEnrollment(ctx, input),
);

/** Enrolls from a form; the outcome stands at the form, and the page is read again either way: others have acted too. */
export async function enrollAction(_state: FormState, form: FormData): Promise<FormState> {
  const state = await stateOf(await enrollByForm(form));
  if (state.status !== "failed") return state;
  return { ...state, sectionId: enrollForm.shape.sectionId.safeParse(formArgument(form).get("sectionId")).data };
}

/** Drops from the dialog; the outcome stands in it, and the list behind it keeps its filters. */
export async function dropAction(_state: FormState, form: FormData): Promise<FormState> {
  return stateOf(await dropByForm(form));
}

/** Drops from the plain form of a section's page; when that fails, the page says why. */
export async function plainDropAction(form: FormData): Promise<void> {
  const outcome = await dropByForm(form);
  readAgain();
  if (outcome.status !== "failed") return;
  const section = dropForm.shape.sectionId.safeParse(formArgument(form).get("sectionId"));
  redirect(section.success ? `/sections/${section.data}?problem=${refusalKey(outcome.code)}` : "/sections");
}

async function stateOf(outcome: ActionState<unknown>): Promise<FormState> {
  readAgain();
  if (outcome.status !== "failed") return { status: "done" };
  const t = await getTranslations("enrollment.refused");
  return { status: "failed", message: t(refusalKey(outcome.code)) };
}

function readAgain(): void {
  revalidatePath("/sections", "layout");
  revalidatePath("/timetable");
}
