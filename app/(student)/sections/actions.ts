"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import type { EnrollFormState } from "@/components/enrollment/enroll-form";
import { dropEnrollment } from "@/lib/enrollment/drop-enrollment";
import { enroll } from "@/lib/enrollment/enroll";
import { dropForm, enrollForm } from "@/lib/enrollment/schema";
import { action } from "@/lib/web/action";
import { refusalKey } from "./_components/refusal";

const enrollByForm = action({ name: "enroll", roles: ["STUDENT"], input: enrollForm }, (ctx, input) =>
  enroll(ctx, { ...input, joinWaitlist: false }),
);
const dropByForm = action({ name: "drop", roles: ["STUDENT"], input: dropForm }, (ctx, input) =>
  dropEnrollment(ctx, input),
);

/** Enrolls from a form; the outcome stands at the form, and the page is read again either way: others have acted too. */
export async function enrollAction(_state: EnrollFormState, form: FormData): Promise<EnrollFormState> {
  const outcome = await enrollByForm(form);
  readAgain();
  if (outcome.status !== "failed") return { status: "done" };
  const t = await getTranslations("enrollment.refused");
  return { status: "failed", message: t(refusalKey(outcome.code)) };
}

/** Drops from a form; when that fails, the section's page says why. */
export async function dropAction(form: FormData): Promise<void> {
  const outcome = await dropByForm(form);
  readAgain();
  if (outcome.status !== "failed") return;
  const section = dropForm.shape.sectionId.safeParse(form.get("sectionId"));
  redirect(section.success ? `/sections/${section.data}?problem=${refusalKey(outcome.code)}` : "/sections");
}

function readAgain(): void {
  revalidatePath("/sections", "layout");
  revalidatePath("/timetable");
}
