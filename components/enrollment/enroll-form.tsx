"use client";

import { type ReactNode, useEffect, useRef } from "react";
import { useLiveSeats } from "@/components/catalog/live-seats";
import { Button } from "@/components/ui/button";
import { DialogTrigger } from "@/components/ui/dialog-trigger";
import { echo } from "@/components/ui/toast";
import type { LiveSeats } from "@/lib/catalog/schema";
import type { FormAction } from "./action-answer";
import { useFormAnswer } from "./use-form-answer";

export interface EnrollFormProps {
  seats: LiveSeats;
  /** `mine`: enrolled. `free`: nothing of the student's own stands against it. `blocked`: something does. */
  place: "mine" | "free" | "blocked";
  action: FormAction;
  /** Opens the dialog that asks before dropping; without script the section's page does. */
  dropDialogId: string;
  detailHref: string;
  size?: "sm" | "md" | undefined;
  words: {
    /** With the section's name for screen readers, as `drop`. */
    enroll: ReactNode;
    enrolling: string;
    /** Where the page does not say it elsewhere. */
    enrolled?: ReactNode | undefined;
    echo: string;
    drop: ReactNode;
    lost: string;
  };
}

/**
 * The one act on a section: enroll, or drop. A form that posts without script as well; what went wrong is said at the
 * button that was pressed, and the focus stays at the place of the act when the button changes.
 */
export function EnrollForm({ seats, place, action, dropDialogId, detailHref, size = "sm", words }: EnrollFormProps) {
  const { state, pending, post, onSubmit } = useFormAnswer(action, { lost: words.lost });
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
          {words.enrolled}
          <DialogTrigger
            dialogId={dropDialogId}
            fallbackHref={`${detailHref}#drop`}
            size={size}
            className="max-md:grow"
          >
            {words.drop}
          </DialogTrigger>
        </div>
      ) : canEnroll ? (
        <form action={post} onSubmit={onSubmit} className="max-md:grid">
          <input type="hidden" name="sectionId" value={seats.id} />
          <Button type="submit" variant={size === "sm" ? "secondary" : "primary"} size={size} pending={pending}>
            {pending ? words.enrolling : words.enroll}
          </Button>
        </form>
      ) : null}
      {state.status === "failed" ? (
        <p role="alert" className="text-sm font-medium text-absent-fg max-md:max-w-40 md:max-w-56 md:text-end">
          {state.message}
        </p>
      ) : null}
    </div>
  );
}
