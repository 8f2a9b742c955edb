"use client";

import { type ReactNode, useEffect, useRef } from "react";
import { useLiveSeats } from "@/components/catalog/live-seats";
import { Button } from "@/components/ui/button";
import { DialogTrigger } from "@/components/ui/dialog-trigger";
import { echo } from "@/components/ui/toast";
import type { LiveSeats } from "@/lib/catalog/schema";
import { isFocusLost, takePressed } from "./pressed-act";
import { ACT_FORM, useIsPending } from "./section-act";

export interface EnrollFormProps {
  seats: LiveSeats;
  /** `mine`: enrolled. `free`: nothing of the student's own stands against it. `blocked`: something does. */
  place: "mine" | "free" | "blocked";
  /** Opens the dialog that asks before dropping; without script the section's page does. */
  dropDialogId: string;
  detailHref: string;
  size?: "xs" | "sm" | "md" | undefined;
  /** Stands where the button would be while the section cannot be taken. */
  children?: ReactNode;
  words: {
    /** Names the place of the act: which section it is about. */
    about: string;
    /** With the section's name for screen readers, as `drop`. */
    enroll: ReactNode;
    enrolling: string;
    /** Where the page does not say it elsewhere. */
    enrolled?: ReactNode | undefined;
    echo: string;
    drop: ReactNode;
    /** Where a seat that was free is free no more. */
    full: string;
  };
}

/**
 * The one act on a section: enroll, or drop. Its button belongs to the form of the `SectionActs` around it, and works
 * without script as well. When the button changes, the focus stays at the place of the act and goes to no other button: one
 * more press of Enter must not undo what was done, nor do it to another section.
 */
export function EnrollForm({ seats, place, dropDialogId, detailHref, size = "sm", words, children }: EnrollFormProps) {
  const pending = useIsPending(seats.id);
  const frame = useRef<HTMLDivElement>(null);
  const before = useRef(place);
  const live = useLiveSeats(seats);
  const canEnroll = place === "free" && (seats.seatsAvailable > 0 || live.seatsAvailable > 0);

  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    if (place === "mine") echo(words.echo);
    if (takePressed(seats.id) && isFocusLost()) frame.current?.focus();
  }, [place, words.echo, seats.id]);

  // The whole row may go: out of a list that shows free seats only, say.
  useEffect(() => {
    return () => {
      if (takePressed(seats.id)) setTimeout(focusTitle);
    };
  }, [seats.id]);

  return (
    <div ref={frame} role="group" aria-label={words.about} tabIndex={-1} className="act-place">
      {place === "mine" ? (
        <div className="flex items-center justify-end gap-1.5 max-md:justify-between">
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
        <Button
          type="submit"
          form={ACT_FORM}
          name="sectionId"
          value={seats.id}
          variant={size === "md" ? "primary" : "secondary"}
          size={size}
          pending={pending}
        >
          {pending ? words.enrolling : words.enroll}
        </Button>
      ) : place === "free" ? (
        // A section's page says it above; a seat that went meanwhile is told here.
        size === "md" && seats.seatsAvailable === 0 ? null : (
          <p className="text-xs text-muted max-md:text-sm">{words.full}</p>
        )
      ) : (
        children
      )}
    </div>
  );
}

/** Text, and nothing that could be pressed by accident. */
function focusTitle(): void {
  const title = document.querySelector<HTMLElement>("#main h1");
  if (!title || !isFocusLost()) return;
  title.tabIndex = -1;
  title.focus();
}
