"use client";

import { Button } from "@/components/ui/button";
import { echo } from "@/components/ui/toast";
import type { FormAction } from "./action-answer";
import { rememberPressed } from "./pressed-act";
import { useFormAnswer } from "./use-form-answer";

export interface DropFormProps {
  action: FormAction;
  enrollmentId: string;
  sectionId: string;
  words: { cancel: string; confirm: string; dropping: string; echo: string; lost: string };
}

/** The two ways out of the dialog: keep the seat, or give it up. A refusal is said here and the page stays as it is. */
export function DropForm({ action, enrollmentId, sectionId, words }: DropFormProps) {
  const { state, pending, post, onSubmit } = useFormAnswer(action, {
    lost: words.lost,
    answered(outcome, form) {
      if (outcome.status !== "done") return;
      form.closest("dialog")?.close();
      echo(words.echo); // here and not in the row: the row may be gone from the list
    },
  });
  return (
    <>
      {state.status === "failed" ? (
        <p role="alert" className="mt-4 font-medium text-absent-fg">
          {state.message}
        </p>
      ) : null}
      {/* Two forms: a submit button with formMethod="dialog" in the second would run its action. */}
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <form method="dialog">
          <Button type="submit" data-first-focus>
            {words.cancel}
          </Button>
        </form>
        <form
          action={post}
          onSubmit={(event) => {
            rememberPressed(sectionId);
            onSubmit(event);
          }}
        >
          <input type="hidden" name="id" value={enrollmentId} />
          <input type="hidden" name="sectionId" value={sectionId} />
          <Button type="submit" variant="danger" pending={pending}>
            {pending ? words.dropping : words.confirm}
          </Button>
        </form>
      </div>
    </>
  );
}
