"use client";

import { useRef, useState, type ReactNode } from "react";
import { Alert } from "@/components/ui/alert";
import { LiveRegion } from "@/components/ui/live-region";

export type AutoSaveStrings = { saving: string; saved: string; failed: string };

/** What a save answered: `invalid` says what to mend, `warning` what the choice means that people may not want. */
export type SaveOutcome =
  { status: "saved"; warning?: string | null } | { status: "failed" } | { status: "invalid"; message: string };

/**
 * A form that saves itself when something in it changes and says so in its place. Without script it is an ordinary form:
 * `submit` takes it, and its button (in `children`, inside `noscript`) sends it.
 */
export function AutoSaveForm({
  save,
  submit,
  strings,
  warning: firstWarning = null,
  children,
}: {
  save: (form: FormData) => Promise<SaveOutcome>;
  submit: (form: FormData) => Promise<void>;
  strings: AutoSaveStrings;
  /** What the choices mean as they are stored. */
  warning?: string | null;
  children: ReactNode;
}) {
  const [said, setSaid] = useState("");
  const [warning, setWarning] = useState(firstWarning);
  const turn = useRef(0);

  async function changed(form: HTMLFormElement) {
    const own = ++turn.current;
    setSaid(strings.saving);
    const outcome = await save(new FormData(form)).catch((): SaveOutcome => ({ status: "failed" }));
    if (own !== turn.current) return;
    if (outcome.status === "saved") setWarning(outcome.warning ?? null);
    setSaid(outcome.status === "invalid" ? outcome.message : strings[outcome.status]);
  }

  return (
    <form action={submit} onChange={(event) => void changed(event.currentTarget)}>
      {children}
      {warning === null ? null : (
        <Alert tone="warning" role="alert" className="mt-3">
          {warning}
        </Alert>
      )}
      <LiveRegion visible className="mt-1 min-h-5 text-sm text-muted">
        {said}
      </LiveRegion>
    </form>
  );
}
