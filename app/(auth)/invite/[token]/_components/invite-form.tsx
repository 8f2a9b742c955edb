"use client";

import { useActionState } from "react";
import { FormErrorSummary } from "@/components/patterns/forms/form-error-summary";
import { PasswordField } from "@/components/ui/password-input";
import { SubmitButton } from "@/components/ui/submit-button";
import { acceptInvitationAction } from "../actions";

export interface InviteFormProps {
  token: string;
  /** For password managers, which file the new password under it. */
  email: string;
  labels: {
    password: string;
    hint: string;
    show: string;
    hide: string;
    submit: string;
    submitting: string;
    errorSummary: string;
  };
}

/** One field: the new password. */
export function InviteForm({ token, email, labels }: InviteFormProps) {
  const [state, send] = useActionState(acceptInvitationAction, { error: null });
  const error = state.error ?? undefined;
  return (
    <form action={send} noValidate className="grid gap-5">
      <FormErrorSummary
        title={labels.errorSummary}
        errors={error === undefined ? [] : [{ fieldId: "password", message: error }]}
      />
      <input type="hidden" name="token" value={token} />
      <input type="text" name="username" autoComplete="username" defaultValue={email} readOnly hidden />
      <PasswordField
        name="password"
        label={labels.password}
        hint={labels.hint}
        autoComplete="new-password"
        required
        showLabel={labels.show}
        hideLabelText={labels.hide}
        error={error}
      />
      <SubmitButton size="lg" block pendingLabel={labels.submitting}>
        {labels.submit}
      </SubmitButton>
    </form>
  );
}
