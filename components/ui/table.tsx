import clsx from "clsx";
import type { ComponentProps, ReactNode } from "react";
import { ScrollRegion } from "./scroll-region";

export interface TableProps {
  /** Says what the table holds; also names its scroll region. */
  caption: string;
  showCaption?: boolean | undefined;
  /** compact: 36 px rows for a pointer, 44 px on touch. */
  density?: "normal" | "compact" | undefined;
  stickyHead?: boolean | undefined;
  className?: string | undefined;
  children: ReactNode;
}

/** Semantic table in a frame of its own; when it is too wide the frame scrolls, by keys too, and the page never. */
export function Table({ caption, showCaption, density = "normal", stickyHead, className, children }: TableProps) {
  return (
    <ScrollRegion
      label={caption}
      className={clsx(
        "rounded-lg border border-border bg-surface",
        stickyHead === true ? "overflow-clip max-lg:overflow-x-auto" : "overflow-x-auto",
        className,
      )}
    >
      <table
        className={clsx(
          "w-full border-collapse text-start text-sm",
          density === "compact" ? "[--row:2.25rem] pointer-coarse:[--row:2.75rem]" : "[--row:2.75rem]",
          stickyHead === true && "lg:[&_thead]:sticky lg:[&_thead]:top-0 lg:[&_thead]:z-10",
        )}
      >
        <caption className={showCaption === true ? "px-4 pt-3 pb-2 text-start font-semibold" : "sr-only"}>
          {caption}
        </caption>
        {children}
      </table>
    </ScrollRegion>
  );
}

interface CellLook {
  /** Numbers stand at the end of the cell with digits of one width. */
  numeric?: boolean | undefined;
}

/** Column or row header. */
export function Th({ numeric, className, scope = "col", ...rest }: ComponentProps<"th"> & CellLook) {
  return (
    <th
      scope={scope}
      {...rest}
      className={clsx(
        "cell",
        scope === "col" ? "cell-head" : "cell-name",
        numeric === true && "cell-number",
        className,
      )}
    />
  );
}

/** Data cell. */
export function Td({ numeric, className, ...rest }: ComponentProps<"td"> & CellLook) {
  return <td {...rest} className={clsx("cell", numeric === true && "cell-number", className)} />;
}

/** Row with a hair line above it. */
export function Tr({ className, ...rest }: ComponentProps<"tr">) {
  return <tr {...rest} className={clsx("table-line", className)} />;
}
