import clsx from "clsx";
import { NotebookPen } from "lucide-react";
import { memo } from "react";
import { Avatar } from "@/components/ui/avatar";
import { Button } from "@/components/ui/button";
import { AttendanceStatusTag } from "@/components/ui/status-tag";
import type { Conflict, GridMark, GridStudent } from "./grid-state";
import { fill, type GridStrings } from "./grid-strings";
import { MarkButtons } from "./mark-button";
import { type DetailField, RowDetails } from "./row-details";

/** Id of the one focusable cell of a student's row. */
export function cellId(studentId: string): string {
  return `student-${studentId}`;
}

/** The word of a mark, with the minutes when it is late. */
export function markWord(mark: GridMark, strings: GridStrings): string {
  if (mark.status === "LATE" && mark.minutesLate !== null) return fill(strings.lateBy, { minutes: mark.minutesLate });
  return strings.status[mark.status ?? "UNMARKED"];
}

export type RowHandlers = {
  onDetail: (studentId: string, change: { minutesLate?: number | null; note?: string | null }) => void;
  onCloseDetails: (studentId: string) => void;
  onResolve: (studentId: string, keep: "mine" | "theirs") => void;
};

export type GridRowProps = {
  student: GridStudent;
  mark: GridMark;
  index: number;
  rows: number;
  isActive: boolean;
  isWaiting: boolean;
  hasLeft: boolean;
  readOnly: boolean;
  /** Shown for a moment when somebody else made the mark. */
  markedBy: string | null;
  conflict: Conflict | null;
  /** The details are open; which field wants the focus. */
  details: DetailField | "open" | null;
  strings: GridStrings;
  handlers: RowHandlers;
};

/**
 * One student: a row header that says name, row and mark, and the four buttons. Memoised, and every prop of an untouched
 * row stays the same object, so that a mark in a class of 300 draws one or two rows.
 */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { student, mark, index, rows, strings, conflict, details, handlers } = props;
  const word = markWord(mark, strings);
  const label = fill(mark.note ? strings.cellNote : strings.cell, {
    name: student.name,
    row: index + 1,
    rows,
    status: word.toLowerCase(),
  });
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      data-student={student.id}
      className="border-t border-border first:border-t-0 [contain-intrinsic-size:auto_3.5rem] pointer-fine:md:[contain-intrinsic-size:auto_2.75rem] [content-visibility:auto]"
    >
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-2 px-2 sm:px-3">
        <div
          role="rowheader"
          id={cellId(student.id)}
          tabIndex={props.isActive ? 0 : -1}
          aria-label={label}
          aria-expanded={props.readOnly ? undefined : details !== null}
          className="flex min-h-14 min-w-0 cursor-pointer items-center gap-3 rounded-md px-1 -outline-offset-2 focus:bg-accent-soft pointer-fine:md:min-h-11"
        >
          <span className="max-sm:hidden">
            <Avatar name={student.name} size="sm" />
          </span>
          <span className="grid min-w-0 flex-1 gap-0.5 md:flex md:items-center md:justify-between md:gap-4">
            <span className={clsx("line-clamp-2 leading-5 font-medium", props.hasLeft && "line-through")}>
              {student.name}
            </span>
            <span className={clsx("flex items-center gap-1.5", mark.status === null && !mark.note && "max-md:hidden")}>
              <AttendanceStatusTag status={mark.status ?? "UNMARKED"} size="sm">
                {word}
              </AttendanceStatusTag>
              {mark.note ? <NotebookPen className="size-4 text-muted" aria-label={strings.hasNote} role="img" /> : null}
              {props.isWaiting ? <span className="size-2 rounded-full bg-late-solid" aria-hidden="true" /> : null}
            </span>
          </span>
        </div>
        {props.readOnly || props.hasLeft ? null : (
          <div role="presentation" className="flex gap-1 py-1.5 pointer-fine:md:py-1">
            <MarkButtons status={mark.status} strings={strings} />
          </div>
        )}
      </div>
      {props.hasLeft ? (
        <p role="gridcell" className="px-3 pb-2 text-sm text-absent-fg">
          {strings.leftSection}
        </p>
      ) : null}
      {props.markedBy ? (
        <p role="gridcell" className="px-3 pb-2 text-sm text-muted">
          {fill(strings.by, { name: props.markedBy })}
        </p>
      ) : null}
      {conflict ? (
        <div role="gridcell" className="flex flex-wrap items-center gap-2 px-3 pb-3">
          <p className="text-sm font-medium text-absent-fg">
            {fill(strings.conflict, {
              mine: word,
              who: conflict.by ?? strings.conflictSomebody,
              theirs: markWord(conflict.theirs, strings),
            })}
          </p>
          <Button size="sm" onClick={() => handlers.onResolve(student.id, "mine")}>
            {strings.keepMine}
          </Button>
          <Button size="sm" onClick={() => handlers.onResolve(student.id, "theirs")}>
            {strings.keepTheirs}
          </Button>
        </div>
      ) : null}
      {details !== null && !props.readOnly ? (
        <div role="gridcell">
          <RowDetails
            key={mark.status}
            student={student}
            mark={mark}
            focusOn={details === "open" ? null : details}
            strings={strings}
            onChange={(change) => handlers.onDetail(student.id, change)}
            onClose={() => handlers.onCloseDetails(student.id)}
          />
        </div>
      ) : null}
    </div>
  );
});
