import type { GridStatus } from "./grid-state";

export type GridCommand =
  /** `extend`: the rows on the way become a range that the next mark is for. */
  | { type: "move"; by: number; extend: boolean }
  | { type: "moveTo"; place: "first" | "last" }
  | { type: "mark"; status: GridStatus | null }
  | { type: "buttons" }
  | { type: "find" | "minutes" | "note" | "details" | "fill" | "undo" | "redo" | "primary" | "help" | "endRange" };

/** A key press, as `KeyboardEvent` has it. */
export type KeyPress = {
  key: string;
  /** The place of the key, whatever is printed on it. */
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
};

/** One letter of the reader's language for each status, and those of the other commands. Digits are the same everywhere. */
export type KeyLetters = Record<GridStatus | "minutes", string>;

const PAGE_ROWS = 10;
const digits: Record<string, GridStatus | null> = { 1: "PRESENT", 2: "ABSENT", 3: "LATE", 4: "EXCUSED", 0: null };

/**
 * What a key means while a student's row has focus; null: nothing of ours, the browser has it. Without `singleKeys` no
 * letter, digit or sign does anything: for people who dictate, and for whom a word would be ten commands.
 */
export function gridCommand(press: KeyPress, letters: KeyLetters, singleKeys = true): GridCommand | null {
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
      return { type: "move", by: 1, extend: press.shiftKey };
    case "arrowup":
      return { type: "move", by: -1, extend: press.shiftKey };
    case "pagedown":
      return { type: "move", by: PAGE_ROWS, extend: press.shiftKey };
    case "pageup":
      return { type: "move", by: -PAGE_ROWS, extend: press.shiftKey };
    case "arrowright":
      return { type: "buttons" };
    case "delete":
    case "backspace":
      return { type: "mark", status: null };
    case "enter":
      return { type: "details" };
    case "escape":
      return { type: "endRange" };
    case "f2":
      return { type: "note" };
  }
  return singleKeys ? singleKeyCommand(press, key, letters) : null;
}

function singleKeyCommand(press: KeyPress, key: string, letters: KeyLetters): GridCommand | null {
  if (key === "/") return { type: "find" };
  if (key === "?") return { type: "help" };
  // Czech and French keyboards write the digits with Shift.
  const digit = digits[key];
  if (digit !== undefined) return { type: "mark", status: digit };
  if (press.shiftKey) return key === letters.PRESENT ? { type: "fill" } : null;
  if (key === letters.minutes) return { type: "minutes" };
  for (const status of ["PRESENT", "ABSENT", "LATE", "EXCUSED"] as const)
    if (key === letters[status]) return { type: "mark", status };
  // Their keys without Shift write letters and signs that mean nothing here: then the place of the key counts.
  const place = key.length === 1 ? digits[/^(?:Digit|Numpad)(\d)$/.exec(press.code)?.[1] ?? ""] : undefined;
  return place === undefined ? null : { type: "mark", status: place };
}
