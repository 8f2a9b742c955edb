"use client";

import { useActionState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { SelectField } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { makeLinksAction, type SheetState } from "../actions";
import { LinkSlip } from "@/components/identity/link-slip";

type Choice = { value: string; label: string };

export interface LinkSheetProps {
  /** Whether this installation sends mails with links. */
  canMail: boolean;
  school: string;
  groups: readonly Choice[];
  classes: readonly Choice[];
  words: {
    whom: string;
    ofClass: string;
    ofClassHint: string;
    allClasses: string;
    again: string;
    againHint: string;
    make: string;
    making: string;
    failed: string;
    none: string;
    once: string;
    more: string;
    print: string;
    sheet: string;
    open: string;
    mail: string;
  };
}

const start: SheetState = { status: "idle", whom: "", classId: "" };

/** For whom, and the sheet that comes of it: one slip a person, to be cut apart. */
export function LinkSheet({ canMail, school, groups, classes, words }: LinkSheetProps) {
  const [state, send] = useActionState(makeLinksAction, start);
  return (
    <>
      <form action={send} data-no-print className="grid max-w-form gap-5">
        <SelectField key={`whom ${state.whom}`} name="whom" label={words.whom} defaultValue={state.whom}>
          {groups.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </SelectField>
        {classes.length === 0 ? null : (
          <SelectField
            key={`class ${state.classId}`}
            name="classId"
            label={words.ofClass}
            hint={words.ofClassHint}
            defaultValue={state.classId}
          >
            <option value="">{words.allClasses}</option>
            {classes.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </SelectField>
        )}
        <label className="flex min-h-11 items-start gap-3">
          <input type="checkbox" name="again" className="mt-1 size-5 shrink-0 accent-accent" />
          <span className="grid">
            {words.again}
            <span className="text-sm text-muted">{words.againHint}</span>
          </span>
        </label>
        <div className="flex flex-wrap gap-2">
          <SubmitButton pendingLabel={words.making}>{words.make}</SubmitButton>
          {canMail ? (
            <SubmitButton variant="secondary" name="how" value="mail">
              {words.mail}
            </SubmitButton>
          ) : null}
        </div>
      </form>
      {state.status === "failed" ? (
        <Alert tone="error" role="alert">
          {words.failed}
        </Alert>
      ) : null}
      {state.status === "mailed" ? <Alert role="status">{state.message}</Alert> : null}
      {state.status === "made" && state.links.length === 0 ? <Alert role="status">{words.none}</Alert> : null}
      {state.status === "made" && state.links.length > 0 ? (
        <section aria-label={words.sheet} className="grid gap-4">
          <div data-no-print className="grid max-w-reading gap-3">
            <Alert tone="warning" role="status">
              {words.once} {state.more ? words.more : null}
            </Alert>
            <Button onClick={() => window.print()} className="justify-self-start">
              {words.print}
            </Button>
          </div>
          <ul className="grid gap-3 sm:grid-cols-2 print:grid-cols-2">
            {state.links.map((link) => (
              <LinkSlip key={link.url} link={link} school={school} open={words.open} />
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}
