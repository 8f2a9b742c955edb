"use client";

import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/input";
import type { GridMark, GridStudent } from "../state/grid-state";
import { fill } from "@/components/patterns/data/fill";
import type { GridStrings } from "../state/grid-strings";

export type DetailField = "minutes" | "note";

/** Minutes late and the note of one student, below the row. Enter or Esc keep what is typed and go back to the row. */
export function RowDetails({
  student,
  mark,
  focusOn,
  strings,
  onFocused,
  onChange,
  onClose,
}: {
  student: GridStudent;
  mark: GridMark;
  /** The field that was asked for, until it has the focus: drawn again for another reason, nothing takes it. */
  focusOn: DetailField | null;
  strings: GridStrings;
  onFocused: () => void;
  onChange: (change: { minutesLate?: number | null; note?: string | null }) => void;
  onClose: () => void;
}) {
  const minutes = useRef<HTMLInputElement>(null);
  const note = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const field = focusOn === "minutes" ? minutes.current : focusOn === "note" ? note.current : null;
    if (!field) return;
    field.focus();
    field.select();
    onFocused();
  }, [focusOn, onFocused]);

  return (
    <div
      role="group"
      aria-label={student.name}
      className="flex flex-wrap items-end gap-3 px-3 pb-3"
      onKeyDown={(event) => {
        if (event.key !== "Escape" && (event.key !== "Enter" || event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.stopPropagation();
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        onClose();
      }}
    >
      {mark.status === "LATE" ? (
        <TextField
          ref={minutes}
          id={`minutes-${student.id}`}
          name="minutesLate"
          label={strings.minutes}
          aria-label={fill(strings.minutesOf, { name: student.name })}
          className="w-32"
          type="text"
          inputMode="numeric"
          pattern="[0-9]*"
          maxLength={3}
          defaultValue={mark.minutesLate ?? ""}
          onBlur={({ currentTarget }) => {
            if (isTyped(currentTarget)) onChange({ minutesLate: minutesOf(currentTarget.value) });
          }}
        />
      ) : null}
      <TextField
        ref={note}
        id={`note-${student.id}`}
        name="note"
        label={strings.note}
        aria-label={fill(strings.noteOf, { name: student.name })}
        hint={strings.noteHint}
        className="min-w-56 flex-1"
        maxLength={500}
        autoComplete="off"
        defaultValue={mark.note ?? ""}
        onBlur={({ currentTarget }) => {
          if (isTyped(currentTarget)) onChange({ note: currentTarget.value });
        }}
      />
      <Button size="md" onClick={onClose}>
        {strings.closeDetails}
      </Button>
    </div>
  );
}

/** A field that was only passed through must not bring back what somebody else has changed meanwhile. */
function isTyped({ value, defaultValue }: HTMLInputElement): boolean {
  return value !== defaultValue;
}

function minutesOf(text: string): number | null {
  const digits = text.replace(/\D/g, "");
  return digits === "" ? null : Math.min(600, Number(digits));
}
