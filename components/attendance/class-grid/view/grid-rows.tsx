"use client";

import clsx from "clsx";
import { memo, useLayoutEffect, useState, useSyncExternalStore } from "react";
import { cellOf } from "../control/grid-dom";
import type { GridInput } from "../control/grid-input";
import { GridRow, type RowHandlers } from "./grid-row";
import type { GridStudent } from "../state/grid-state";
import type { GridStrings } from "../state/grid-strings";
import type { Sheet } from "../sync/use-sheet";

/** Rows that the browser lays out together, and not at all while they are far from the screen. */
const CHUNK_ROWS = 10;
/** A class of this size fits two columns on a wide screen. A longer column would be longer than the screen. */
const TWO_COLUMNS = { from: 16, to: 40 };

export type GridRowsProps = Pick<Sheet, "ui" | "controls"> & {
  /** The class, for the numbers of the rows. */
  students: readonly GridStudent[];
  readOnly: boolean;
  strings: GridStrings;
  locale: string;
  handlers: RowHandlers;
  input: GridInput;
};

/** Whether the grid of a class this size is drawn in two columns where there is room. */
export function hasTwoColumns(students: number): boolean {
  return students >= TWO_COLUMNS.from && students <= TWO_COLUMNS.to;
}

/** One column stops where the eye would lose the way from a name to its buttons. */
export function columnWidth(twoColumns: boolean): string {
  return twoColumns ? "max-w-3xl xl:max-w-none" : "max-w-3xl";
}

/**
 * The rows in groups. Two columns are two groups side by side: the order of the page, of the numbers and of the keys is
 * the same as in one column, down the first and then down the second.
 */
export const GridRows = memo(function GridRows({ students, ui, controls, input, ...shared }: GridRowsProps) {
  const { readOnly, strings } = shared;
  const list = useSyncExternalStore(ui.subscribeList, ui.list, ui.list);
  const [firstId] = useState(students[0]?.id);
  const twoColumns = hasTwoColumns(list.students.length);
  const groups = chunks(list.students, twoColumns ? Math.ceil(list.students.length / 2) : CHUNK_ROWS);
  const rowIndex = new Map(students.map(({ id }, n) => [id, n + 1]));

  // Rows that come back, after a filter, come back as they began: there must be one tab stop, and only one.
  useLayoutEffect(() => {
    const active = controls.activeId();
    const isShown = list.students.some(({ id }) => id === active);
    if (firstId !== undefined && firstId !== active) cellOf(firstId)?.setAttribute("tabindex", "-1");
    controls.setActive(isShown ? active : list.students[0]?.id);
  }, [controls, list, firstId]);

  return (
    <div
      {...input}
      role="grid"
      tabIndex={-1}
      aria-label={strings.label}
      aria-rowcount={students.length}
      aria-readonly={readOnly ? true : undefined}
      aria-multiselectable={readOnly ? undefined : true}
      className={clsx(
        "mb-4 border-border bg-surface max-sm:-mx-4 max-sm:border-y sm:rounded-lg sm:border",
        twoColumns && "xl:grid xl:grid-cols-2 xl:items-start xl:divide-x xl:divide-border",
      )}
    >
      {groups.map((group) => (
        <div
          key={group[0]?.id}
          role="rowgroup"
          className={clsx(
            "not-first:border-t not-first:border-border",
            twoColumns
              ? "xl:not-first:border-t-0"
              : "[contain-intrinsic-block-size:auto_35rem] [content-visibility:auto] pointer-fine:md:[contain-intrinsic-block-size:auto_28rem]",
          )}
        >
          {group.map((student) => (
            <GridRow
              key={student.id}
              student={student}
              rowIndex={rowIndex.get(student.id) ?? 0}
              rows={students.length}
              isFirst={student.id === firstId}
              ui={ui}
              {...shared}
            />
          ))}
        </div>
      ))}
    </div>
  );
});

function chunks<T>(list: readonly T[], size: number): (readonly T[])[] {
  const groups = [];
  for (let from = 0; from < list.length; from += size) groups.push(list.slice(from, from + size));
  return groups;
}
