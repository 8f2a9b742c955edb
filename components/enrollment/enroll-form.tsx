"use client";

import { Check } from "lucide-react";
import { useActionState, useEffect, useRef } from "react";
import { useLiveSeats } from "@/components/catalog/live-seats";
import { DialogTrigger } from "@/components/ui/dialog-trigger";
import { Icon } from "@/components/ui/icon";
import { SubmitButton } from "@/components/ui/submit-button";
import { echo } from "@/components/ui/toast";
import type { LiveSeats } from "@/lib/catalog/schema";

/** What the form shows after a press: nothing yet, the seat, or why not. */
export type EnrollFormState = { status: "idle" } | { status: "done" } | { status: "failed"; message: string };
export type EnrollFormAction = (state: EnrollFormState, form: FormData) => Promise<EnrollFormState>;

export interface EnrollFormProps {
  seats: LiveSeats;
  /** `mine`: enrolled. `free`: nothing of the student's own stands against it. `blocked`: something does. */
  place: "mine" | "free" | "blocked";
  action: EnrollFormAction;
  /** Opens the dialog that asks before dropping; without script the section's page does. */
  dropDialogId: string;
  detailHref: string;
  size?: "sm" | "md" | undefined;
  words: {
    enroll: string;
    /** Said after the label by screen readers: which section. */
    enrollIn: string;
    enrolling: string;
    enrolled: string;
    echo: string;
    drop: string;
    dropNamed: string;
  };
}

/**
 * The one act on a section: enroll, or drop. A form that posts without script as well; what went wrong is said at the
 * button that was pressed, and the focus stays at the place of the act when the button changes.
 */
export function EnrollForm({ seats, place, action, dropDialogId, detailHref, size = "sm", words }: EnrollFormProps) {
  const [state, post] = useActionState(action, { status: "idle" });
  const frame = useRef<HTMLDivElement>(null);
  const before = useRef(place);
  const live = useLiveSeats(seats);
  const canEnroll = place === "free" && (seats.seatsAvailable > 0 || live.seatsAvailable > 0);

  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    if (place === "mine") echo(words.echo);
    // The pressed button is gone; its successor takes the focus, unless the reader has gone elsewhere meanwhile.
    const lost = document.activeElement === document.body || document.activeElement === null;
    if (lost) frame.current?.querySelector<HTMLElement>("a, button")?.focus();
  }, [place, words.echo]);

  return (
    <div ref={frame} className="grid justify-items-end gap-1 max-md:justify-items-stretch">
      {place === "mine" ? (
        <div className="flex items-center justify-end gap-3 max-md:justify-between">
          <span className="inline-flex items-center gap-1 text-sm font-medium text-present-fg">
            <Icon icon={Check} size="sm" />
            {words.enrolled}
          </span>
          <DialogTrigger dialogId={dropDialogId} fallbackHref={`${detailHref}#drop`} size={size}>
            {words.drop}
            <span className="sr-only">{words.dropNamed}</span>
          </DialogTrigger>
        </div>
      ) : canEnroll ? (
        <form action={post} className="max-md:grid">
          <input type="hidden" name="sectionId" value={seats.id} />
          <SubmitButton variant={size === "sm" ? "secondary" : "primary"} size={size} pendingLabel={words.enrolling}>
            {words.enroll}
            <span className="sr-only">{words.enrollIn}</span>
          </SubmitButton>
        </form>
      ) : null}
      {state.status === "failed" ? (
        <p role="alert" className="text-sm font-medium text-absent-fg md:max-w-56 md:text-end">
          {state.message}
        </p>
      ) : null}
    </div>
  );
}
