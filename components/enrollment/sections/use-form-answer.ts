"use client";

import { type FormEvent, startTransition, useActionState, useState, useTransition } from "react";
import { answerOf, type FormAction, type FormState } from "./action-answer";

const idle: FormState = { status: "idle" };

/**
 * A form around a server action that says its outcome in its place. Without script the browser posts `post`; with
 * script `onSubmit` asks instead, so that a broken connection is an outcome as well and not an error page.
 */
export function useFormAnswer(
  action: FormAction,
  { lost, answered }: { lost: string; answered?: (state: FormState, form: HTMLFormElement) => void },
) {
  const [posted, post] = useActionState(action, idle);
  const [asked, setAsked] = useState<FormState | null>(null);
  const [pending, start] = useTransition();

  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (pending) return;
    const form = event.currentTarget;
    const fields = new FormData(form);
    start(async () => {
      const state = await answerOf(() => action(idle, fields), lost);
      startTransition(() => setAsked(state));
      answered?.(state, form);
    });
  }

  return { state: asked ?? posted, pending, post, onSubmit };
}
