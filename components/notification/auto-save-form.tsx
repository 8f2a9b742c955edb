"use client";

import { useRef, useState, type ReactNode } from "react";
import { LiveRegion } from "@/components/ui/live-region";

export type AutoSaveStrings = { saving: string; saved: string; failed: string };

/** What a save answered: `invalid` says what to mend. */
export type SaveOutcome = { status: "saved" } | { status: "failed" } | { status: "invalid"; message: string };

/**
 * A form that saves itself when something in it changes and says so in its place. Without script it is an ordinary form:
 * `submit` takes it, and its button (in `children`, inside `noscript`) sends it.
 */
export function AutoSaveForm({
  save,
  submit,
  strings,
  children,
}: {
  save: (form: FormData) => Promise<SaveOutcome>;
  submit: (form: FormData) => Promise<void>;
  strings: AutoSaveStrings;
  children: ReactNode;
}) {
  const [said, setSaid] = useState("");
  const turn = useRef(0);

  async function changed(form: HTMLFormElement) {
    const own = ++turn.current;
    setSaid(strings.saving);
    const outcome = await save(new FormData(form)).catch((): SaveOutcome => ({ status: "failed" }));
    if (own !== turn.current) return;
    setSaid(outcome.status === "invalid" ? outcome.message : strings[outcome.status]);
  }

  return (
    <form action={submit} onChange={(event) => void changed(event.currentTarget)}>
      {children}
      <LiveRegion visible className="mt-1 min-h-5 text-sm text-muted">
        {said}
      </LiveRegion>
    </form>
  );
}
