import clsx from "clsx";
import type { ReactNode } from "react";
import { ScrollRegion } from "@/components/ui/scroll-region";

export interface DataColumn<Row> {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Names the row: row header in the table, title of the card on a phone. One column has it. */
  primary?: boolean | undefined;
  numeric?: boolean | undefined;
  /** Left out of the card on a phone. */
  wideOnly?: boolean | undefined;
  /** Buttons: no label in the card, at its foot. */
  actions?: boolean | undefined;
  className?: string | undefined;
}

export interface DataTableProps<Row> {
  caption: string;
  columns: readonly DataColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  density?: "normal" | "compact" | undefined;
  /** Shown instead of the table when there are no rows: an `EmptyState`. */
  empty: ReactNode;
  /** Line under a row across all columns, e.g. why it cannot be taken. */
  note?: ((row: Row) => ReactNode) | undefined;
}

/**
 * One table in the markup: rows from 768 px, cards below. Roles are written out because `display` takes table
 * semantics away from browsers that follow the letter.
 */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
  density = "normal",
  empty,
  note,
}: DataTableProps<Row>) {
  if (rows.length === 0) return <>{empty}</>;
  return (
    <ScrollRegion label={caption} className="rounded-lg md:overflow-x-auto md:border md:border-border md:bg-surface">
      <table
        role="table"
        className={clsx(
          "w-full border-collapse max-md:block md:text-sm",
          density === "compact" ? "[--row:2.25rem] pointer-coarse:[--row:2.75rem]" : "[--row:2.75rem]",
        )}
      >
        <caption className="sr-only">{caption}</caption>
        <thead role="rowgroup" className="max-md:sr-only">
          <tr role="row">
            {columns.map((column) => (
              <th
                key={column.key}
                role="columnheader"
                scope="col"
                className={clsx(
                  "h-9 bg-sunken px-4 text-xs font-medium whitespace-nowrap text-muted",
                  column.numeric === true ? "text-end" : "text-start",
                )}
              >
                {column.actions === true ? <span className="sr-only">{column.header}</span> : column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" className="max-md:grid max-md:gap-3">
          {rows.map((row) => (
            <DataRow key={rowKey(row)} row={row} columns={columns} note={note?.(row)} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function DataRow<Row>({ row, columns, note }: { row: Row; columns: readonly DataColumn<Row>[]; note: ReactNode }) {
  const hasNote = note !== undefined && note !== null && note !== false;
  return (
    <>
      <tr
        role="row"
        className={clsx(
          "border-border max-md:grid max-md:gap-1 max-md:border max-md:bg-surface max-md:p-4 md:border-t md:hover:bg-sunken/60",
          hasNote ? "max-md:-mb-3 max-md:rounded-t-lg max-md:border-b-0 max-md:pb-1" : "max-md:rounded-lg",
        )}
      >
        {columns.map((column) => {
          const classes = clsx(
            "md:h-(--row) md:px-4 md:py-1.5",
            column.numeric === true && "tabular md:text-end",
            column.wideOnly === true && "max-md:hidden",
            column.className,
          );
          if (column.primary === true) {
            return (
              <th key={column.key} role="rowheader" scope="row" className={clsx(classes, "text-start font-medium")}>
                {column.cell(row)}
              </th>
            );
          }
          return (
            <td
              key={column.key}
              role="cell"
              className={clsx(
                classes,
                column.actions === true ? "max-md:mt-2 md:text-end" : "max-md:flex max-md:justify-between max-md:gap-4",
              )}
            >
              {column.actions === true ? null : (
                <span aria-hidden="true" className="text-sm text-muted md:hidden">
                  {column.header}
                </span>
              )}
              {column.cell(row)}
            </td>
          );
        })}
      </tr>
      {hasNote ? (
        <tr
          role="row"
          className="max-md:block max-md:rounded-b-lg max-md:border max-md:border-t-0 max-md:border-border max-md:bg-surface max-md:px-4 max-md:pb-3"
        >
          <td role="cell" colSpan={columns.length} className="text-sm text-muted max-md:block md:px-4 md:pb-2">
            {note}
          </td>
        </tr>
      ) : null}
    </>
  );
}
