"use client";

import {
  createContext,
  type FormEvent,
  type ReactNode,
  startTransition,
  useActionState,
  useContext,
  useMemo,
  useState,
} from "react";
import { answerOf, type FormAction, type FormState } from "./action-answer";
import { rememberPressed } from "./pressed-act";

/** Id of the one form by which sections are taken; a button of it names its section. */
export const ACT_FORM = "enroll";
const idle: FormState = { status: "idle" };

type Acts = { pending: ReadonlySet<string>; refusals: Readonly<Record<string, string>> };
const ActsContext = createContext<Acts>({ pending: new Set(), refusals: {} });

/**
 * Around the sections of a page: the one form that all their buttons belong to, wherever they stand, and what each section
 * was answered. Without script the browser posts the form; with it a broken connection is an answer as well.
 */
export function SectionActs({ action, lost, children }: { action: FormAction; lost: string; children: ReactNode }) {
  const [posted, post] = useActionState(action, idle);
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set());
  const [answers, setAnswers] = useState<Readonly<Record<string, FormState>>>({});

  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const { submitter } = event.nativeEvent as SubmitEvent;
    const fields = new FormData(event.currentTarget, submitter);
    const id = String(fields.get("sectionId") ?? "");
    if (pending.has(id)) return;
    rememberPressed(id);
    setPending((others) => new Set(others).add(id));
    startTransition(async () => {
      const state = await answerOf(() => action(idle, fields), lost);
      startTransition(() => {
        setPending((others) => new Set([...others].filter((other) => other !== id)));
        setAnswers((others) => ({ ...others, [id]: state }));
      });
    });
  }

  const acts = useMemo<Acts>(() => {
    const known = "sectionId" in posted ? { [posted.sectionId ?? ""]: posted, ...answers } : answers;
    const failed = Object.entries(known).flatMap(([id, state]) =>
      state.status === "failed" ? [[id, state.message] as const] : [],
    );
    return { pending, refusals: Object.fromEntries(failed) };
  }, [pending, posted, answers]);

  return (
    <ActsContext value={acts}>
      <form id={ACT_FORM} action={post} onSubmit={onSubmit} hidden />
      {children}
    </ActsContext>
  );
}

/** Whether a section's act waits for its answer. */
export function useIsPending(sectionId: string): boolean {
  return useContext(ActsContext).pending.has(sectionId);
}

/** Why a press did not work; nothing while there is nothing to say. */
export function Refusal({ sectionId }: { sectionId: string }) {
  const message = useContext(ActsContext).refusals[sectionId];
  if (message === undefined) return null;
  return (
    <p role="alert" className="text-sm font-medium text-absent-fg">
      {message}
    </p>
  );
}

/** The same as a row of the table, over its full width. */
export function RefusalRow({ sectionId, columns }: { sectionId: string; columns: number }) {
  const message = useContext(ActsContext).refusals[sectionId];
  if (message === undefined) return null;
  return (
    <tr
      role="row"
      data-section={sectionId}
      className="max-md:-mt-2 max-md:block max-md:rounded-lg max-md:bg-absent-tint max-md:px-3 max-md:py-2"
    >
      <td role="cell" colSpan={columns} className="max-md:block md:px-2 md:pb-1.5">
        <Refusal sectionId={sectionId} />
      </td>
    </tr>
  );
}
