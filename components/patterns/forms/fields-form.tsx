"use client";

import { useActionState } from "react";
import { Alert } from "@/components/ui/alert";
import { TextField } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { FormErrorSummary } from "./form-error-summary";

/** What a form shows after it was sent: what was typed, what to mend, or what to think of before it is sent again. */
export type FieldsState = {
  values: Readonly<Record<string, string>>;
  errors: readonly { field?: string; message: string }[];
  warning: string | null;
};

export interface FormFieldText {
  name: string;
  type?: "text" | "date" | "time" | undefined;
  label: string;
  hint?: string | undefined;
  optionalLabel?: string | undefined;
  value?: string | undefined;
  maxLength?: number | undefined;
  /** Alone in its line; one-line text always is. */
  isRow?: boolean | undefined;
}

export interface FieldsFormProps {
  /** Prefix of the ids, so that several forms of a page can have a field of one name. */
  id: string;
  action: (before: FieldsState, form: FormData) => Promise<FieldsState>;
  fields: readonly FormFieldText[];
  hidden?: Readonly<Record<string, string>> | undefined;
  words: { submit: string; submitting: string; errorSummary: string; anyway?: string | undefined };
  tone?: "primary" | "secondary" | "danger" | undefined;
}

const start: FieldsState = { values: {}, errors: [], warning: null };

/**
 * One-line fields and a button around a server action, without script too. What was typed survives an error. A warning
 * asks for a second press, which sends `anyway`.
 */
export function FieldsForm({ id, action, fields, hidden = {}, words, tone = "primary" }: FieldsFormProps) {
  const [state, send] = useActionState(action, start);
  const errorOf = (name: string) => state.errors.find(({ field }) => field === name)?.message;
  return (
    <form action={send} noValidate className="grid max-w-form gap-5">
      <FormErrorSummary
        title={words.errorSummary}
        errors={state.errors.map(({ field, message }) =>
          field === undefined ? { message } : { fieldId: `${id}-${field}`, message },
        )}
      />
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <div className="grid gap-5 sm:grid-cols-2">
        {fields.map(({ name, type = "text", value, isRow = type === "text", ...text }) => (
          <TextField
            key={name}
            {...text}
            id={`${id}-${name}`}
            name={name}
            type={type}
            autoComplete="off"
            defaultValue={state.values[name] ?? value ?? ""}
            error={errorOf(name)}
            className={isRow ? `sm:col-span-2 ${type === "text" ? "" : "sm:max-w-1/2 sm:pe-2.5"}` : undefined}
          />
        ))}
      </div>
      {state.warning === null ? null : (
        <Alert tone="warning" role="alert">
          {state.warning}
          <input type="hidden" name="anyway" value="1" />
        </Alert>
      )}
      <SubmitButton variant={tone} pendingLabel={words.submitting} className="justify-self-start">
        {state.warning === null ? words.submit : (words.anyway ?? words.submit)}
      </SubmitButton>
    </form>
  );
}
