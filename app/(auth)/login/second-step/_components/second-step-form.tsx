"use client";

import { useActionState, useEffect } from "react";
import { FormErrorSummary } from "@/components/patterns/forms/form-error-summary";
import { TextField } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { secondStepAction, type SecondStepState } from "../actions";

const start: SecondStepState = { errors: [] };

/** The code of the app, or below it, folded away, a recovery code. A plain form: it works without script. */
export function SecondStepForm({
  from,
  withCode,
  labels,
}: {
  from: string | null;
  /** For who has an authenticator; a recovery code takes the place of a passkey as well. */
  withCode: boolean;
  labels: Record<
    | "code"
    | "codeHint"
    | "recoverySummary"
    | "recovery"
    | "recoveryHint"
    | "submit"
    | "submitting"
    | "errorSummary"
    | "errorTitle",
    string
  >;
}) {
  const [{ errors }, send] = useActionState(secondStepAction, start);
  const errorOf = (field: string) => errors.find(({ fieldId }) => fieldId === field)?.message;
  useEffect(() => {
    if (errors.length > 0) document.title = labels.errorTitle;
  }, [errors, labels.errorTitle]);
  return (
    <form action={send} noValidate className="grid gap-5">
      <FormErrorSummary title={labels.errorSummary} errors={errors} />
      {from === null ? null : <input type="hidden" name="from" value={from} />}
      {withCode ? (
        <TextField
          name="code"
          label={labels.code}
          hint={labels.codeHint}
          autoComplete="one-time-code"
          inputMode="numeric"
          spellCheck={false}
          error={errorOf("code")}
        />
      ) : null}
      <details open={errorOf("recovery") !== undefined}>
        <summary className="flex min-h-11 w-fit items-center font-medium text-accent">{labels.recoverySummary}</summary>
        <TextField
          name="recovery"
          label={labels.recovery}
          hint={labels.recoveryHint}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={errorOf("recovery")}
        />
      </details>
      <SubmitButton size="lg" block pendingLabel={labels.submitting}>
        {labels.submit}
      </SubmitButton>
    </form>
  );
}
