"use client";

import { useActionState, useEffect } from "react";
import { FormErrorSummary } from "@/components/patterns/forms/form-error-summary";
import { TextField } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { forgotAction, type ForgotState } from "../actions";

const start: ForgotState = { email: "", errors: [] };

/** One field, the address that the link goes to. */
export function ForgotForm({
  labels,
}: {
  labels: Record<"email" | "submit" | "submitting" | "errorSummary" | "errorTitle", string>;
}) {
  const [{ email, errors }, send] = useActionState(forgotAction, start);
  useEffect(() => {
    if (errors.length > 0) document.title = labels.errorTitle;
  }, [errors, labels.errorTitle]);
  return (
    <form action={send} noValidate className="grid gap-5">
      <FormErrorSummary title={labels.errorSummary} errors={errors} />
      <TextField
        name="email"
        label={labels.email}
        type="email"
        inputMode="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        defaultValue={email}
        error={errors.find(({ fieldId }) => fieldId === "email")?.message}
      />
      <SubmitButton size="lg" block pendingLabel={labels.submitting}>
        {labels.submit}
      </SubmitButton>
    </form>
  );
}
