"use client";

import { useActionState, useEffect } from "react";
import { FormErrorSummary } from "@/components/patterns/forms/form-error-summary";
import { TextField } from "@/components/ui/input";
import { PasswordField } from "@/components/ui/password-input";
import { SubmitButton } from "@/components/ui/submit-button";
import { signInAction, type SignInState } from "../actions";

export interface SignInFormProps {
  from: string | null;
  labels: {
    email: string;
    password: string;
    show: string;
    hide: string;
    submit: string;
    submitting: string;
    errorSummary: string;
    /** The page's title while the form has errors. */
    errorTitle: string;
  };
}

const start: SignInState = { email: "", errors: [] };

/** Email and password as a plain form; with script the errors come without a new page and take the focus. */
export function SignInForm({ from, labels }: SignInFormProps) {
  const [state, send] = useActionState(signInAction, start);
  const { errors } = state;
  const errorOf = (field: string) => errors.find(({ fieldId }) => fieldId === field)?.message;

  useEffect(() => {
    if (errors.length > 0) document.title = labels.errorTitle;
  }, [errors, labels.errorTitle]);

  return (
    <form action={send} noValidate className="grid gap-5">
      <FormErrorSummary title={labels.errorSummary} errors={errors} />
      {from === null ? null : <input type="hidden" name="from" value={from} />}
      <TextField
        name="email"
        label={labels.email}
        type="email"
        inputMode="email"
        autoComplete="username webauthn"
        autoCapitalize="none"
        spellCheck={false}
        required
        defaultValue={state.email}
        error={errorOf("email")}
      />
      <PasswordField
        name="password"
        label={labels.password}
        autoComplete="current-password"
        required
        showLabel={labels.show}
        hideLabelText={labels.hide}
        error={errorOf("password")}
      />
      <SubmitButton size="lg" block pendingLabel={labels.submitting}>
        {labels.submit}
      </SubmitButton>
    </form>
  );
}
