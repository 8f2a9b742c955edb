"use server";

import { getTranslations } from "next-intl/server";
import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { NewPasswordState } from "@/components/identity/new-password-form";
import type { FieldsState } from "@/components/patterns/forms/fields-form";
import { cancelEmailChange, requestEmailChange } from "@/lib/identity/account/change-email";
import { changeName, chooseLocale } from "@/lib/identity/account/own-account";
import { changePassword } from "@/lib/identity/credentials/change-password";
import { endOtherSessions, endSession } from "@/lib/identity/devices/end-session";
import { changeEmailInput, changeNameInput, chooseLocaleInput } from "@/lib/identity/schema";
import { idSchema } from "@/lib/shared/schema";
import { action } from "@/lib/web/page/action";
import { formArgument } from "@/lib/web/page/form-argument";
import { actionWithPassword } from "@/lib/web/page/password-action";

const ofEverybody = { roles: "signedIn" } as const;
const end = action({ name: "endSession", ...ofEverybody, input: z.object({ id: idSchema }) }, endSession);
const endOthers = action({ name: "endOtherSessions", ...ofEverybody, input: z.object({}) }, (ctx) =>
  endOtherSessions(ctx),
);
const rename = action({ name: "changeName", ...ofEverybody, input: changeNameInput }, changeName);
const choose = action({ name: "chooseLocale", ...ofEverybody, input: chooseLocaleInput }, chooseLocale);
const cancel = action({ name: "cancelEmailChange", ...ofEverybody, input: z.object({}) }, (ctx) =>
  cancelEmailChange(ctx),
);
const askForEmail = action({ name: "requestEmailChange", ...ofEverybody, input: changeEmailInput }, requestEmailChange);

/** Changes the password, or says what to mend. */
export async function changePasswordAction(_before: NewPasswordState, form: FormData): Promise<NewPasswordState> {
  const error = await actionWithPassword(form, (ctx, { current, password }) =>
    changePassword(ctx, { current, password }),
  );
  if (error) return { errors: [error] };
  redirect("/account?result=changed");
}

/** Changes the name, or says what to mend. */
export async function changeNameAction(_before: FieldsState, form: FormData): Promise<FieldsState> {
  const fields = formArgument(form);
  const outcome = await rename(form);
  if (outcome.status === "done") {
    showInFrame();
    redirect("/account?result=name#name-title");
  }
  const t = await getTranslations("account.name");
  const values = Object.fromEntries(
    (["givenName", "familyName"] as const).map((name) => [name, String(fields.get(name) ?? "").slice(0, 400)]),
  );
  const wrong = outcome.status === "failed" ? outcome.errors.map(({ path }) => path) : [];
  const errors = (["givenName", "familyName"] as const)
    .filter((field) => wrong.includes(field))
    .map((field) => ({ field, message: t(`wrong.${field}`) }));
  return { values, errors: errors.length > 0 ? errors : [{ message: t("failed") }], warning: null };
}

/** What the form of another address shows after it was sent; the password never comes back. */
export type ChangeEmailState = { email: string; errors: { fieldId?: string; message: string }[] };

/** Has a link sent to another address, or says what to mend. */
export async function changeEmailAction(_before: ChangeEmailState, form: FormData): Promise<ChangeEmailState> {
  const typed = formArgument(form).get("email");
  const email = typeof typed === "string" ? typed.slice(0, 320) : "";
  const outcome = await askForEmail(form);
  if (outcome.status === "done") redirect("/account?result=email#email-title");
  const t = await getTranslations("account.email");
  if (outcome.status === "failed" && outcome.code === "too_many_attempts")
    return { email, errors: [{ message: t("tooMany") }] };
  const wrong = outcome.status === "failed" ? outcome.errors : [];
  const isSame = wrong.some(({ code }) => code === "same");
  const errors: ChangeEmailState["errors"] = [];
  if (wrong.some(({ path }) => path === "email"))
    errors.push({ fieldId: "new-email", message: t(isSame ? "same" : "wrong") });
  if (wrong.some(({ path }) => path === "current"))
    errors.push({ fieldId: "email-current", message: t("wrongPassword") });
  return { email, errors: errors.length > 0 ? errors : [{ message: t("failed") }] };
}

/** Gives up the wish for another address. */
export async function cancelEmailChangeAction(form: FormData): Promise<void> {
  await cancel(form);
  redirect("/account?result=emailKept#email-title");
}

/** Sets the language. */
export async function chooseLocaleAction(form: FormData): Promise<void> {
  await choose(form);
  showInFrame();
  redirect("/account?result=language#language-title");
}

/** Signs out in one other place. */
export async function endSessionAction(form: FormData): Promise<void> {
  const outcome = await end(form);
  const isGone = outcome.status === "failed" && outcome.code === "not_found";
  redirect(`/account?result=${outcome.status === "done" ? "ended" : isGone ? "gone" : "failed"}#sessions`);
}

/** Signs out everywhere but here. */
export async function endOtherSessionsAction(form: FormData): Promise<void> {
  const outcome = await endOthers(form);
  redirect(`/account?result=${outcome.status === "done" ? "endedOthers" : "failed"}#sessions`);
}

/** The frame of every page names the person, in their language. */
function showInFrame(): void {
  revalidatePath("/", "layout");
}
