import clsx from "clsx";
import { Check, Clock, FileCheck, X } from "lucide-react";
import { type GridMark, type GridStatus, STATUSES } from "./grid-state";
import { fill, type GridStrings } from "./grid-strings";
import { markWord } from "./grid-words";

const icons = { PRESENT: Check, ABSENT: X, LATE: Clock, EXCUSED: FileCheck } as const;
const pressed: Record<GridStatus, string> = {
  PRESENT: "border-present-fg bg-present-tint text-present-fg",
  ABSENT: "border-absent-solid bg-absent-solid text-absent-on",
  LATE: "border-late-fg bg-late-tint text-late-fg",
  EXCUSED: "border-excused-fg border-dashed bg-excused-tint text-excused-fg",
};

/**
 * The four marks of a row as toggle buttons, each in a cell of its own. The grid above hears their presses. On a phone the
 * minutes stand in the button: a line for them would make the row higher.
 */
export function MarkButtons({ mark, strings }: { mark: GridMark; strings: GridStrings }) {
  return STATUSES.map((own) => {
    const Glyph = icons[own];
    const isOn = mark.status === own;
    const minutes = isOn && own === "LATE" ? mark.minutesLate : null;
    return (
      <span key={own} role="gridcell">
        <button
          type="button"
          tabIndex={-1}
          data-mark={own}
          aria-pressed={isOn}
          aria-label={isOn ? markWord(mark, strings) : strings.status[own]}
          className={clsx(
            "inline-flex size-11 flex-col items-center pointer-fine:md:size-9 justify-center rounded-md border font-semibold -outline-offset-2 select-none",
            isOn ? pressed[own] : "border-control bg-surface text-muted hover:bg-sunken",
          )}
        >
          {isOn ? <Glyph className="size-5 shrink-0" strokeWidth={2.75} aria-hidden="true" /> : strings.letters[own]}
          {minutes === null ? null : (
            <span className="text-xs leading-4 tabular md:hidden">{fill(strings.minutesShort, { minutes })}</span>
          )}
        </button>
      </span>
    );
  });
}
