import type { GridStatus } from "./grid-state";

export type GridCommand =
  | { type: "move"; by: number }
  | { type: "moveTo"; place: "first" | "last" }
  | { type: "mark"; status: GridStatus | null }
  | { type: "buttons" }
  | { type: "find" | "minutes" | "note" | "details" | "fill" | "undo" | "redo" | "primary" };

/** A key press, as `KeyboardEvent` has it. */
export type KeyPress = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean };

/** One letter of the reader's language for each status, and those of the other commands. Digits are the same everywhere. */
export type KeyLetters = Record<GridStatus | "minutes", string>;

const PAGE_ROWS = 10;
const digits: Record<string, GridStatus | null> = { 1: "PRESENT", 2: "ABSENT", 3: "LATE", 4: "EXCUSED", 0: null };

/** What a key means while a student's cell has focus; null: nothing of ours, the browser has it. */
export function gridCommand(press: KeyPress, letters: KeyLetters): GridCommand | null {
  if (press.altKey) return null;
  const key = press.key.toLowerCase();
  if (press.ctrlKey || press.metaKey) {
    if (key === "enter") return { type: "primary" };
    if (key === "z") return { type: press.shiftKey ? "redo" : "undo" };
    if (key === "y" && !press.shiftKey) return { type: "redo" };
    if (key === "home") return { type: "moveTo", place: "first" };
    if (key === "end") return { type: "moveTo", place: "last" };
    return null;
  }
  switch (key) {
    case "arrowdown":
      return { type: "move", by: 1 };
    case "arrowup":
      return { type: "move", by: -1 };
    case "pagedown":
      return { type: "move", by: PAGE_ROWS };
    case "pageup":
      return { type: "move", by: -PAGE_ROWS };
    case "arrowright":
      return { type: "buttons" };
    case "delete":
    case "backspace":
      return { type: "mark", status: null };
    case "enter":
      return { type: "details" };
    case "f2":
      return { type: "note" };
    case "/":
      return { type: "find" };
  }
  if (press.shiftKey) return key === letters.PRESENT ? { type: "fill" } : null;
  if (key === letters.minutes) return { type: "minutes" };
  for (const status of ["PRESENT", "ABSENT", "LATE", "EXCUSED"] as const)
    if (key === letters[status]) return { type: "mark", status };
  const digit = digits[key];
  return digit === undefined ? null : { type: "mark", status: digit };
}
