"use server";

import { redirect } from "next/navigation";
import { alertGraceInput } from "@/lib/identity/schema";
import { setAlertGrace } from "@/lib/identity/people/school-settings";
import { action } from "@/lib/web/page/action";
import { formArgument } from "@/lib/web/page/form-argument";

const save = action({ name: "setAlertGrace", roles: ["ADMIN"], input: alertGraceInput }, setAlertGrace);

/** Saves the grace and shows the page again with what happened; what cannot be saved stays in the field. */
export async function saveAlertGraceAction(form: FormData): Promise<void> {
  const outcome = await save(form);
  const typed = String(formArgument(form).get("alertGraceSeconds") ?? "").slice(0, 20);
  const isInvalid = outcome.status === "failed" && outcome.code === "invalid_request";
  const answer =
    outcome.status === "done"
      ? { result: "saved" }
      : isInvalid
        ? { result: "invalid", seconds: typed }
        : { result: "failed" };
  redirect(`/admin/settings?${new URLSearchParams(answer).toString()}`);
}
