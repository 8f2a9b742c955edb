"use client";

import { useActionState } from "react";
import { FormErrorSummary } from "@/components/patterns/forms/form-error-summary";
import { TextField } from "@/components/ui/input";
import { PasswordField } from "@/components/ui/password-input";
import { SubmitButton } from "@/components/ui/submit-button";
import { proveAction, type ProveState } from "../actions";

const start: ProveState = { errors: [] };

/** The password, or for who has an authenticator its code: one of them is enough. */
export function ProveForm({
  from,
  email,
  withCode,
  words,
}: {
  from: string | null;
  email: string;
  withCode: boolean;
  words: Record<"password" | "show" | "hide" | "code" | "codeHint" | "submit" | "submitting" | "errorSummary", string>;
}) {
  const [{ errors }, send] = useActionState(proveAction, start);
  const errorOf = (field: string) => errors.find(({ fieldId }) => fieldId === field)?.message;
  return (
    <form action={send} noValidate className="grid max-w-form gap-5">
      <FormErrorSummary title={words.errorSummary} errors={errors} />
      {from === null ? null : <input type="hidden" name="from" value={from} />}
      <input type="text" name="username" autoComplete="username" defaultValue={email} readOnly hidden />
      <PasswordField
        name="password"
        label={words.password}
        autoComplete="current-password"
        showLabel={words.show}
        hideLabelText={words.hide}
        error={errorOf("password")}
      />
      {withCode ? (
        <TextField
          name="code"
          label={words.code}
          hint={words.codeHint}
          autoComplete="one-time-code"
          inputMode="numeric"
          spellCheck={false}
          error={errorOf("code")}
        />
      ) : null}
      <SubmitButton pendingLabel={words.submitting} className="justify-self-start">
        {words.submit}
      </SubmitButton>
    </form>
  );
}
