import clsx from "clsx";
import { NotebookPen } from "@/components/ui/icon";
import { memo, useCallback, useSyncExternalStore } from "react";
import { Avatar } from "@/components/ui/avatar";
import { Button } from "@/components/ui/button";
import { AttendanceStatusTag } from "@/components/ui/status-tag";
import { cellId } from "../control/grid-dom";
import type { GridStudent } from "../state/grid-state";
import { fill } from "@/components/patterns/data/fill";
import type { GridStrings } from "../state/grid-strings";
import type { GridUi, RowView } from "../control/grid-ui";
import { listName, markInSentence, markWord, studentHint } from "../state/grid-words";
import { MarkButtons } from "./mark-button";
import { RowDetails } from "./row-details";

export type RowHandlers = {
  onDetail: (studentId: string, change: { minutesLate?: number | null; note?: string | null }) => void;
  onCloseDetails: (studentId: string) => void;
  onResolve: (studentId: string, keep: "mine" | "theirs") => void;
};

export type GridRowProps = {
  student: GridStudent;
  /** From 1, in the whole class. */
  rowIndex: number;
  rows: number;
  /** The tab stop of the grid as it begins; later the attribute is moved by hand. */
  isFirst: boolean;
  readOnly: boolean;
  ui: GridUi;
  strings: GridStrings;
  locale: string;
  handlers: RowHandlers;
};

// The initials of a student do not change with the mark.
const Face = memo(Avatar);

/**
 * One student: a row header that says name, row and mark, and the four buttons. It listens to its own mark alone, so that
 * a key in a class of 300 draws one row. Its height is the same with and without a mark: nothing moves under the finger.
 */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { student, strings, handlers, ui, readOnly } = props;
  const subscribe = useCallback((listener: () => void) => ui.subscribeRow(student.id, listener), [ui, student.id]);
  const view = useSyncExternalStore(
    subscribe,
    () => ui.row(student.id),
    () => ui.row(student.id),
  );
  const { mark, details } = view;
  return (
    <div
      role="row"
      aria-rowindex={props.rowIndex}
      aria-selected={view.isChosen ? true : undefined}
      data-student={student.id}
      className="student-row"
    >
      <div className="student-line">
        <NameCell {...props} view={view} />
        {readOnly || view.hasLeft ? null : (
          <div role="presentation" className="student-marks">
            <MarkButtons mark={mark} strings={strings} />
          </div>
        )}
      </div>
      {view.hasLeft ? (
        <p role="gridcell" className="px-3 pb-2 text-sm text-absent-fg">
          {strings.leftSection}
        </p>
      ) : null}
      <ConflictCell {...props} view={view} />
      {details !== null && !readOnly ? (
        <div role="gridcell">
          <RowDetails
            student={student}
            mark={mark}
            focusOn={details === "open" ? null : details}
            strings={strings}
            onFocused={ui.fieldFocused}
            onChange={(change) => handlers.onDetail(student.id, change)}
            onClose={() => handlers.onCloseDetails(student.id)}
          />
        </div>
      ) : null}
    </div>
  );
});

type Part = GridRowProps & { view: RowView };

function NameCell({ student, rowIndex, rows, isFirst, readOnly, strings, locale, view }: Part) {
  const { mark, details, markedBy, hasLeft, conflict } = view;
  const label = fill(mark.note ? strings.cellNote : strings.cell, {
    name: listName(student, strings),
    row: rowIndex,
    rows,
    status: markInSentence(mark, strings),
  });
  const hint = studentHint(student, strings, locale);
  // Where the buttons show the mark, a phone needs no second sign of it.
  const hasButtons = !readOnly && !hasLeft;
  return (
    <div
      role="rowheader"
      id={cellId(student.id)}
      tabIndex={isFirst ? 0 : -1}
      aria-label={hint ? `${label}, ${hint}` : label}
      aria-describedby={conflict ? `conflict-${student.id}` : undefined}
      aria-expanded={readOnly ? undefined : details !== null}
      className="student-cell"
    >
      <Face name={student.name} size="sm" className="max-sm:hidden" />
      <span className="student-words">
        <span className="grid min-w-0">
          <span
            className={clsx(
              // Not cut off: a clip of its own for each name costs the browser more than the rest of the row.
              "leading-5 font-medium wrap-anywhere",
              hasLeft && "line-through",
              (markedBy || hint) && "pointer-fine:md:line-clamp-1",
            )}
          >
            {listName(student, strings)}
          </span>
          {hint ? <span className="text-xs text-muted">{hint}</span> : null}
          {markedBy ? (
            <span className="truncate text-xs text-muted">{fill(strings.by, { name: markedBy })}</span>
          ) : null}
        </span>
        <span className="student-signs">
          <span className={hasButtons ? "flex max-md:hidden" : "flex"}>
            <AttendanceStatusTag status={mark.status ?? "UNMARKED"} size="sm">
              {markWord(mark, strings)}
            </AttendanceStatusTag>
          </span>
          {mark.note ? <NotebookPen className="size-4 text-muted" aria-label={strings.hasNote} role="img" /> : null}
          {view.isWaiting ? <span className="size-2 rounded-full bg-late-solid" aria-hidden="true" /> : null}
        </span>
      </span>
    </div>
  );
}

function ConflictCell({ student, strings, handlers, view: { mark, conflict } }: Part) {
  if (!conflict) return null;
  return (
    <div role="gridcell" className="flex flex-wrap items-center gap-2 px-3 pb-3">
      <p id={`conflict-${student.id}`} className="w-full text-sm font-medium text-absent-fg">
        {fill(strings.conflict, {
          mine: markWord(mark, strings),
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
  );
}
