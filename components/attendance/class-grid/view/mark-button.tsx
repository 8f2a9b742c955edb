import { Check, Clock, FileCheck, X } from "@/components/ui/icon";
import { memo } from "react";
import { type GridMark, type GridStatus, STATUSES } from "../state/grid-state";
import { fill } from "@/components/patterns/data/fill";
import type { GridStrings } from "../state/grid-strings";
import { markWord } from "../state/grid-words";

// Elements that never change are made once: React passes over them without a look.
const glyphs = {
  PRESENT: <Check className="size-5 shrink-0" bold aria-hidden="true" />,
  ABSENT: <X className="size-5 shrink-0" bold aria-hidden="true" />,
  LATE: <Clock className="size-5 shrink-0" bold aria-hidden="true" />,
  EXCUSED: <FileCheck className="size-5 shrink-0" bold aria-hidden="true" />,
} as const;

/** The four marks of a row as toggle buttons, each in a cell of its own. The grid above hears their presses. */
export function MarkButtons({ mark, strings }: { mark: GridMark; strings: GridStrings }) {
  return STATUSES.map((own) => {
    const isOn = mark.status === own;
    return (
      <MarkButton
        key={own}
        own={own}
        isOn={isOn}
        label={isOn ? markWord(mark, strings) : strings.status[own]}
        letter={strings.letters[own]}
        minutes={
          isOn && own === "LATE" && mark.minutesLate !== null
            ? fill(strings.minutesShort, { minutes: mark.minutesLate })
            : null
        }
      />
    );
  });
}

type ButtonProps = {
  own: GridStatus;
  isOn: boolean;
  label: string;
  letter: string;
  /** Shown on a phone, where a line for them would make the row higher. */
  minutes: string | null;
};

const MarkButton = memo(function MarkButton({ own, isOn, label, letter, minutes }: ButtonProps) {
  return (
    <span role="gridcell">
      <button type="button" tabIndex={-1} data-mark={own} aria-pressed={isOn} aria-label={label} className="mark">
        {isOn ? glyphs[own] : letter}
        {minutes === null ? null : <span className="text-xs leading-4 tabular md:hidden">{minutes}</span>}
      </button>
    </span>
  );
});
