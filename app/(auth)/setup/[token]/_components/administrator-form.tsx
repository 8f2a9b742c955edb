"use client";

import { useActionState } from "react";
import { FormErrorSummary } from "@/components/patterns/forms/form-error-summary";
import { TextField } from "@/components/ui/input";
import { PasswordField } from "@/components/ui/password-input";
import { SubmitButton } from "@/components/ui/submit-button";
import { firstAdministratorAction, type SetupState } from "../actions";

export interface AdministratorFormProps {
  token: string;
  words: {
    givenName: string;
    familyName: string;
    email: string;
    emailHint: string;
    password: string;
    passwordHint: string;
    show: string;
    hide: string;
    submit: string;
    submitting: string;
    errorSummary: string;
  };
}

const start: SetupState = { values: {}, errors: [] };

/** The first administrator's name, address and password; the password never comes back. */
export function AdministratorForm({ token, words }: AdministratorFormProps) {
  const [state, send] = useActionState(firstAdministratorAction, start);
  const errorOf = (name: string) => state.errors.find(({ field }) => field === name)?.message;
  return (
    <form action={send} noValidate className="grid gap-5">
      <FormErrorSummary
        title={words.errorSummary}
        errors={state.errors.map(({ field, message }) => ({ ...(field ? { fieldId: field } : {}), message }))}
      />
      <input type="hidden" name="token" value={token} />
      <TextField
        name="givenName"
        label={words.givenName}
        autoComplete="given-name"
        defaultValue={state.values["givenName"]}
        error={errorOf("givenName")}
        required
      />
      <TextField
        name="familyName"
        label={words.familyName}
        autoComplete="family-name"
        defaultValue={state.values["familyName"]}
        error={errorOf("familyName")}
        required
      />
      <TextField
        name="email"
        type="email"
        label={words.email}
        hint={words.emailHint}
        autoComplete="username"
        inputMode="email"
        spellCheck={false}
        autoCapitalize="none"
        defaultValue={state.values["email"]}
        error={errorOf("email")}
        required
      />
      <PasswordField
        name="password"
        label={words.password}
        hint={words.passwordHint}
        autoComplete="new-password"
        required
        showLabel={words.show}
        hideLabelText={words.hide}
        error={errorOf("password")}
      />
      <SubmitButton size="lg" block pendingLabel={words.submitting}>
        {words.submit}
      </SubmitButton>
    </form>
  );
}
