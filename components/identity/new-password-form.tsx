"use client";

import { type ReactNode, useActionState, useState } from "react";
import { FormErrorSummary } from "@/components/patterns/forms/form-error-summary";
import { PasswordField } from "@/components/ui/password-input";
import { SubmitButton } from "@/components/ui/submit-button";
import { PasswordStrength, type StrengthWords } from "./strength/password-strength";

/** What is wrong with what was sent; passwords never come back. */
export type NewPasswordState = { errors: { fieldId?: string; message: string }[] };

export type NewPasswordLabels = {
  password: string;
  hint: string;
  show: string;
  hide: string;
  submit: string;
  submitting: string;
  errorSummary: string;
  /** Characters that the new password needs at least. */
  least: number;
  strength: StrengthWords;
};

export interface NewPasswordFormProps {
  action: (before: NewPasswordState, form: FormData) => Promise<NewPasswordState>;
  /** Sent along, unseen. */
  hidden?: Readonly<Record<string, string>>;
  /** For password managers, which file the new password under it. */
  email: string;
  labels: NewPasswordLabels;
  /** Asks for the password that is still in force, too. */
  currentLabel?: string | undefined;
  /** The button is as wide as the form, as on the pages before signing in. */
  block?: boolean;
  /** Below the button. */
  children?: ReactNode;
}

const start: NewPasswordState = { errors: [] };

/** One field, the new password, and where there is one already that one before it. A plain form: it works without script. */
export function NewPasswordForm({
  action,
  hidden = {},
  email,
  labels,
  currentLabel,
  block = true,
  children,
}: NewPasswordFormProps) {
  const [state, send] = useActionState(action, start);
  const [typed, setTyped] = useState("");
  const errorOf = (field: string) => state.errors.find(({ fieldId }) => fieldId === field)?.message;
  const words = { showLabel: labels.show, hideLabelText: labels.hide };
  return (
    <form action={send} onReset={() => setTyped("")} noValidate className="grid gap-5">
      <FormErrorSummary title={labels.errorSummary} errors={state.errors} />
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <input type="text" name="username" autoComplete="username" defaultValue={email} readOnly hidden />
      {currentLabel === undefined ? null : (
        <PasswordField
          name="current"
          label={currentLabel}
          autoComplete="current-password"
          required
          {...words}
          error={errorOf("current")}
        />
      )}
      <PasswordField
        name="password"
        label={labels.password}
        hint={labels.hint}
        autoComplete="new-password"
        required
        {...words}
        error={errorOf("password")}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <PasswordStrength password={typed} least={labels.least} email={email} words={labels.strength} />
      <SubmitButton
        {...(block ? { size: "lg", block } : {})}
        pendingLabel={labels.submitting}
        className={block ? undefined : "justify-self-start"}
      >
        {labels.submit}
      </SubmitButton>
      {children}
    </form>
  );
}
