import type { FocusEvent, KeyboardEvent, MouseEvent } from "react";
import type { GridControls } from "./grid-controls";
import { buttonsOf, cellOf, studentAt } from "./grid-dom";
import { gridCommand, type KeyLetters } from "../state/grid-keys";
import { markOf, STATUSES } from "../state/grid-state";
import type { GridStrings } from "../state/grid-strings";
import { singleKeysOn } from "./single-keys";
import type { SheetStore } from "../sync/sheet-store";

export type GridInput = {
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  onClick: (event: MouseEvent<HTMLElement>) => void;
  onFocus: (event: FocusEvent<HTMLElement>) => void;
};

/**
 * Keys, presses and focus of the whole grid, heard once. The keys of a row work on its mark buttons as well: after a
 * click the focus is there. In the fields of the details they are text.
 */
export function gridInput(store: SheetStore, controls: GridControls, strings: GridStrings): GridInput {
  const letters = lettersOf(strings);
  return {
    onKeyDown(event) {
      const target = event.target as HTMLElement;
      // A browser that does not focus buttons leaves the focus on the grid: the key is for the row used last.
      const studentId = studentAt(target) ?? controls.activeId();
      if (studentId === undefined) return;
      const onButton = target.matches("[data-mark]");
      const command = gridCommand(event, letters, singleKeysOn());
      if (!onButton && target !== event.currentTarget && !target.matches("[role=rowheader]")) {
        if (command?.type !== "primary") return;
        // A field keeps what is typed when it is left; only then is it part of what is finished.
        event.preventDefault();
        target.blur();
        return void controls.primary();
      }
      if (onButton && walkButtons(event, target, studentId, controls)) return;
      if (!command) return;
      // Esc ends a range, and is still the browser's: it closes what is open.
      if (command.type !== "endRange") event.preventDefault();
      controls.run(command, studentId);
    },
    onClick(event) {
      const target = event.target as HTMLElement;
      const studentId = studentAt(target);
      if (studentId === undefined) return;
      const button = target.closest<HTMLElement>("[data-mark]");
      const status = STATUSES.find((own) => own === button?.dataset["mark"]);
      if (status) {
        controls.setActive(studentId);
        navigator.vibrate?.(10);
        controls.mark(studentId, markOf(store.view().grid, studentId).status === status ? null : status);
      } else if (target.closest("[role=rowheader]")) controls.run({ type: "details" }, studentId);
    },
    onFocus(event) {
      const studentId = studentAt(event.target);
      if (studentId !== undefined) controls.setActive(studentId);
    },
  };
}

/** ← and → between the buttons of a row, Esc back to the row, Enter and Space press: true, the key is used up. */
function walkButtons(event: KeyboardEvent, target: HTMLElement, studentId: string, controls: GridControls): boolean {
  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) return true;
  if (event.key === "Escape") {
    controls.focusRow(studentId);
    return true;
  }
  if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return false;
  event.preventDefault();
  const buttons = buttonsOf(studentId);
  const to = buttons.indexOf(target) + (event.key === "ArrowRight" ? 1 : -1);
  if (to < 0) cellOf(studentId)?.focus();
  else buttons[to]?.focus();
  return true;
}

function lettersOf({ letters }: GridStrings): KeyLetters {
  const lower = (letter: string) => letter.toLowerCase();
  return {
    PRESENT: lower(letters.PRESENT),
    ABSENT: lower(letters.ABSENT),
    LATE: lower(letters.LATE),
    EXCUSED: lower(letters.EXCUSED),
    minutes: lower(letters.minutes),
  };
}
