"use client";

import { useActionState } from "react";
import { Alert } from "@/components/ui/alert";
import { Field } from "@/components/ui/field";
import { controlClass } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { importHolidaysAction, previewHolidaysAction } from "../actions";
import type { ImportState } from "../preview-state";

export interface HolidayImportProps {
  words: {
    file: string;
    fileHint: string;
    check: string;
    checking: string;
    problemsTitle: string;
    problemsBody: string;
    previewTitle: string;
    leftOutTitle: string;
    nothing: string;
    confirming: string;
  };
}

const start: ImportState = { status: "idle" };

/** A calendar file, what it would change, and the button that does it. Works without script. */
export function HolidayImport({ words }: HolidayImportProps) {
  const [state, send] = useActionState(previewHolidaysAction, start);
  return (
    <div className="grid max-w-reading gap-5">
      <form action={send} className="grid max-w-form gap-4">
        <Field
          id="file"
          label={words.file}
          hint={words.fileHint}
          error={state.status === "refused" ? state.message : undefined}
        >
          {(control) => (
            <input
              {...control}
              type="file"
              name="file"
              accept=".ics,text/calendar"
              className={`${controlClass} py-2`}
            />
          )}
        </Field>
        <SubmitButton variant="secondary" pendingLabel={words.checking} className="justify-self-start">
          {words.check}
        </SubmitButton>
      </form>
      {state.status === "problems" ? (
        <Alert tone="error" role="alert" title={words.problemsTitle}>
          <p>{words.problemsBody}</p>
          <ul className="mt-2 grid gap-1">
            {state.lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Alert>
      ) : null}
      {state.status === "preview" ? <Preview state={state} words={words} /> : null}
    </div>
  );
}

function Preview({
  state,
  words,
}: {
  state: Extract<ImportState, { status: "preview" }>;
  words: HolidayImportProps["words"];
}) {
  return (
    <section aria-labelledby="preview" className="grid gap-3 rounded-lg border border-border bg-surface p-4">
      <h3 id="preview" className="text-base">
        {words.previewTitle}
      </h3>
      <p role="status">{state.summary}</p>
      {state.days.length === 0 ? null : (
        <ul className="grid gap-1 tabular">
          {state.days.map((day) => (
            <li key={day}>{day}</li>
          ))}
        </ul>
      )}
      {state.leftOut.length === 0 ? null : (
        <>
          <h4 className="text-sm font-semibold">{words.leftOutTitle}</h4>
          <ul className="grid gap-1 text-sm text-muted">
            {state.leftOut.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </>
      )}
      {state.holidays === null ? (
        <p>{words.nothing}</p>
      ) : (
        <form action={importHolidaysAction}>
          <input type="hidden" name="holidays" value={state.holidays} />
          <SubmitButton pendingLabel={words.confirming}>{state.confirm}</SubmitButton>
        </form>
      )}
    </section>
  );
}
