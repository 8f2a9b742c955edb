"use client";

import { type ReactNode, useActionState } from "react";
import { FormErrorSummary } from "@/components/patterns/forms/form-error-summary";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { codesAction } from "../actions";

export interface CodesFormWords {
  code: string;
  codeHint: string;
  submit: string;
  submitting: string;
  errorSummary: string;
  onTitle: string;
  shownOnce: string;
  codesBody: string;
  codes: string;
  print: string;
  done: string;
}

/**
 * Asks for a code of the app (`confirm`) or for nothing (`renew`), and shows the recovery codes of the answer in the place of
 * the form. One component for both, at one place of the page: so what was answered stays when the page behind it has changed.
 */
export function CodesForm({
  kind,
  words,
  children,
}: {
  kind: "confirm" | "renew";
  words: CodesFormWords;
  children: ReactNode;
}) {
  const [{ codes, error }, send] = useActionState(codesAction, { codes: null, error: null });
  if (codes !== null)
    return (
      <div className="grid gap-4">
        <Alert tone="success" role="status" title={words.onTitle}>
          {words.shownOnce}
        </Alert>
        <p>{words.codesBody}</p>
        <ul aria-label={words.codes} className="grid gap-2 font-mono sm:grid-cols-2">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div data-no-print className="flex flex-wrap gap-2">
          <Button onClick={() => window.print()}>{words.print}</Button>
          <form action="/account/sign-in-methods">
            <Button type="submit" variant="primary">
              {words.done}
            </Button>
          </form>
        </div>
      </div>
    );
  return (
    <>
      {children}
      <form action={send} noValidate className="grid max-w-form gap-4">
        <FormErrorSummary title={words.errorSummary} errors={error === null ? [] : [error]} />
        {kind === "renew" ? null : (
          <TextField
            name="code"
            label={words.code}
            hint={words.codeHint}
            autoComplete="one-time-code"
            inputMode="numeric"
            spellCheck={false}
            required
            error={error?.fieldId === "code" ? error.message : undefined}
          />
        )}
        <SubmitButton
          variant={kind === "renew" ? "secondary" : "primary"}
          pendingLabel={words.submitting}
          className="justify-self-start"
        >
          {words.submit}
        </SubmitButton>
      </form>
    </>
  );
}
