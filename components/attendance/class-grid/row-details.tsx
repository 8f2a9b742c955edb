"use client";

import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/input";
import type { GridMark, GridStudent } from "./grid-state";
import { fill, type GridStrings } from "./grid-strings";

export type DetailField = "minutes" | "note";

/** Minutes late and the note of one student, below the row. Enter or Esc keep what is typed and go back to the row. */
export function RowDetails({
  student,
  mark,
  focusOn,
  strings,
  onChange,
  onClose,
}: {
  student: GridStudent;
  mark: GridMark;
  focusOn: DetailField | null;
  strings: GridStrings;
  onChange: (change: { minutesLate?: number | null; note?: string | null }) => void;
  onClose: () => void;
}) {
  const minutes = useRef<HTMLInputElement>(null);
  const note = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const field = focusOn === "minutes" ? minutes.current : focusOn === "note" ? note.current : null;
    field?.focus();
    field?.select();
  }, [focusOn]);

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
          onBlur={(event) => onChange({ minutesLate: minutesOf(event.currentTarget.value) })}
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
        onBlur={(event) => onChange({ note: event.currentTarget.value })}
      />
      <Button size="md" onClick={onClose}>
        {strings.closeDetails}
      </Button>
    </div>
  );
}

function minutesOf(text: string): number | null {
  const digits = text.replace(/\D/g, "");
  return digits === "" ? null : Math.min(600, Number(digits));
}
