"use server";

import { redirect } from "next/navigation";
import { setFactorRule } from "@/lib/identity/factors/set-factor-rule";
import { alertGraceInput, factorRuleInput, passwordLengthInput, passwordsAllowedInput } from "@/lib/identity/schema";
import { setAlertGrace, setPasswordLength, setPasswordsAllowed } from "@/lib/identity/people/school-settings";
import { action, type ActionState, proveFirst } from "@/lib/web/page/action";
import { formArgument } from "@/lib/web/page/form-argument";

const saveGrace = action({ name: "setAlertGrace", roles: ["ADMIN"], input: alertGraceInput }, setAlertGrace);
const saveLength = action(
  { name: "setPasswordLength", roles: ["ADMIN"], input: passwordLengthInput },
  setPasswordLength,
);

const saveAllowed = action(
  { name: "setPasswordsAllowed", roles: ["ADMIN"], input: passwordsAllowedInput },
  setPasswordsAllowed,
);
const saveRule = action({ name: "setFactorRule", roles: ["ADMIN"], input: factorRuleInput }, setFactorRule);

/** Saves the grace and shows the page again with what happened; what cannot be saved stays in the field. */
export async function saveAlertGraceAction(form: FormData): Promise<void> {
  showAgain("grace", await saveGrace(form), formArgument(form).get("alertGraceSeconds"));
}

/** The same for the length of new passwords. */
export async function savePasswordLengthAction(form: FormData): Promise<void> {
  showAgain("passwords", await saveLength(form), formArgument(form).get("passwordMinLength"));
}

/** Turns passwords off or on where people can sign in elsewhere. */
export async function savePasswordsAllowedAction(form: FormData): Promise<void> {
  showAgain("sso", await saveAllowed(form), null);
}

/** The same for who must have a second factor. */
export async function saveFactorRuleAction(form: FormData): Promise<void> {
  const outcome = await saveRule(form);
  proveFirst(outcome, "/admin/settings");
  showAgain("factors", outcome, formArgument(form).get("factorGraceDays"));
}

function showAgain(part: "grace" | "passwords" | "sso" | "factors", outcome: ActionState<void>, field: unknown): never {
  const isInvalid = outcome.status === "failed" && outcome.code === "invalid_request";
  const typed = typeof field === "string" ? field.slice(0, 20) : "";
  const answer =
    outcome.status === "done" ? { result: "saved" } : isInvalid ? { result: "invalid", typed } : { result: "failed" };
  redirect(`/admin/settings?${new URLSearchParams({ part, ...answer }).toString()}#${part}`);
}
