"use server";

import { getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { changeRoles } from "@/lib/identity/office/change-roles";
import { endAccount, reopenAccount } from "@/lib/identity/office/end-account";
import { endSessionOf, endSessionsOf } from "@/lib/identity/office/end-sessions";
import { makeWayIn } from "@/lib/identity/office/let-in";
import { resetSecondFactor } from "@/lib/identity/office/reset-second-factor";
import { changeRolesInput, personInput, personSessionInput } from "@/lib/identity/office/schema";
import { idSchema } from "@/lib/shared/schema";
import { action, type ActionState, proveFirst } from "@/lib/web/page/action";
import { formArgument } from "@/lib/web/page/form-argument";
import type { WayInState } from "../_components/way-in-form";

const ofOffice = { roles: ["ADMIN"] } as const;
const end = action({ name: "endAccount", ...ofOffice, input: personInput }, endAccount);
const reopen = action({ name: "reopenAccount", ...ofOffice, input: personInput }, reopenAccount);
const roles = action({ name: "changeRoles", ...ofOffice, input: changeRolesInput }, changeRoles);
const endOne = action({ name: "endSessionOf", ...ofOffice, input: personSessionInput }, endSessionOf);
const endAll = action({ name: "endSessionsOf", ...ofOffice, input: personInput }, endSessionsOf);
const resetFactor = action({ name: "resetSecondFactor", ...ofOffice, input: personInput }, resetSecondFactor);
const letIn = action({ name: "makeWayIn", ...ofOffice, input: personInput }, makeWayIn);

/** Ends the account, and shows the person again with what happened; so do the others. */
export async function endAccountAction(form: FormData): Promise<void> {
  showAgain(form, await end(form), "ended", "account");
}

export async function reopenAccountAction(form: FormData): Promise<void> {
  showAgain(form, await reopen(form), "reopened", "account");
}

export async function changeRolesAction(form: FormData): Promise<void> {
  showAgain(form, await roles(form), "roles", "roles");
}

export async function endSessionOfAction(form: FormData): Promise<void> {
  showAgain(form, await endOne(form), "session", "sessions");
}

export async function endSessionsOfAction(form: FormData): Promise<void> {
  showAgain(form, await endAll(form), "sessions", "sessions");
}

export async function resetSecondFactorAction(form: FormData): Promise<void> {
  showAgain(form, await resetFactor(form), "factor", "factor");
}

/** Makes a link for the person, which is in this answer and nowhere else. */
export async function letInAction(_before: WayInState, form: FormData): Promise<WayInState> {
  const outcome = await letIn(form);
  proveFirst(outcome, personPath(form));
  if (outcome.status === "done") return { link: outcome.data, error: null };
  return { link: null, error: (await getTranslations("people.person"))("done.failed") };
}

function showAgain(form: FormData, outcome: ActionState<unknown>, done: string, part: string): never {
  const path = personPath(form);
  proveFirst(outcome, path);
  const query = new URLSearchParams({ part, result: outcome.status === "done" ? done : "failed" }).toString();
  redirect(path === PEOPLE ? PEOPLE : `${path}?${query}#${part}`);
}

const PEOPLE = "/admin/people";

/** The page of the person that a form is about. */
function personPath(form: FormData): string {
  const id = idSchema.safeParse(formArgument(form).get("personId"));
  return id.success ? `${PEOPLE}/${id.data}` : PEOPLE;
}
