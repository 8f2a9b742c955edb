"use client";

import { useActionState } from "react";
import { FormErrorSummary } from "@/components/patterns/forms/form-error-summary";
import { TextField } from "@/components/ui/input";
import { PasswordField } from "@/components/ui/password-input";
import { SubmitButton } from "@/components/ui/submit-button";
import { changeEmailAction, type ChangeEmailState } from "../actions";

const start: ChangeEmailState = { email: "", errors: [] };

/** Another e-mail address, with the password. What was typed survives an error, but for the password. */
export function EmailForm({
  words,
}: {
  words: Record<"email" | "hint" | "current" | "show" | "hide" | "submit" | "submitting" | "errorSummary", string>;
}) {
  const [state, send] = useActionState(changeEmailAction, start);
  const errorOf = (field: string) => state.errors.find(({ fieldId }) => fieldId === field)?.message;
  return (
    <form action={send} noValidate className="grid gap-5">
      <FormErrorSummary title={words.errorSummary} errors={state.errors} />
      <TextField
        id="new-email"
        name="email"
        type="email"
        label={words.email}
        hint={words.hint}
        autoComplete="email"
        defaultValue={state.email}
        error={errorOf("new-email")}
      />
      <PasswordField
        id="email-current"
        name="current"
        label={words.current}
        autoComplete="current-password"
        showLabel={words.show}
        hideLabelText={words.hide}
        error={errorOf("email-current")}
      />
      <SubmitButton variant="secondary" pendingLabel={words.submitting} className="justify-self-start">
        {words.submit}
      </SubmitButton>
    </form>
  );
}
