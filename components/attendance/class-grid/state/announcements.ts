import { type GridState, markOf, type Step } from "./grid-state";
import { fill, fillPlural } from "@/components/patterns/data/fill";
import type { GridStrings } from "./grid-strings";
import { summaryOf } from "./grid-summary";
import { markInSentence } from "./grid-words";
import type { SheetView } from "../sync/sheet-store";

export type Wording = { strings: GridStrings; locale: string };

/** "Anna Nováková: absent. 2 absent, 25 not marked." */
export function sayMark(grid: GridState, studentId: string, { strings }: Wording): string {
  return fill(strings.announce, { ...figures(grid), ...person(grid, studentId, strings) });
}

/** What a step over several students has done: a range, or the fill. */
export function sayMany(grid: GridState, count: number, status: string, { strings, locale }: Wording): string {
  return fillPlural(strings.announceMany, count, locale, { ...figures(grid), status });
}

export function sayFill(grid: GridState, count: number, { strings, locale }: Wording): string {
  return fillPlural(strings.announceFill, count, locale, figures(grid));
}

/** What undo or redo of `step` has led to. */
export function sayStep(grid: GridState, step: Step, way: "undo" | "redo", { strings, locale }: Wording): string {
  const [first] = step.entries;
  if (!first) return "";
  if (step.entries.length > 1) {
    const forms = way === "undo" ? strings.announceUndoMany : strings.announceRedoMany;
    return fillPlural(forms, step.entries.length, locale, figures(grid));
  }
  const one = way === "undo" ? strings.announceUndo : strings.announceRedo;
  return fill(one, { ...figures(grid), ...person(grid, first.id, strings) });
}

/**
 * What has happened to the sheet without a press of this teacher, or to their marks on the way: said once, when it
 * begins. Null: nothing that needs words.
 */
export function sayChange(before: SheetView, after: SheetView, { strings, locale }: Wording): string | null {
  if (after.notDone !== before.notDone && after.notDone !== null) return strings.notDone[after.notDone];
  if (after.finishedHere && !before.finishedHere) return strings.finished;
  const isOver = before.alerts !== null && after.alerts === null && after.grid.isFinal && before.ending === null;
  if (isOver) return strings.graceOver;
  const { undecided, waiting } = summaryOf(after.grid);
  if (undecided > summaryOf(before.grid).undecided) return fillPlural(strings.needsDecision, undecided, locale);
  if (after.save.phase === "waiting" && before.save.phase !== "waiting" && waiting > 0 && !after.grid.isFinal)
    return fillPlural(strings.onDevice, waiting, locale);
  if (after.save.phase === "saved" && before.save.phase === "waiting") return strings.savedNow;
  const { changedBy } = after.grid;
  const ids = Object.keys(changedBy).filter((id) => changedBy[id] !== before.grid.changedBy[id]);
  const [id] = ids;
  if (id === undefined) return null;
  const who = changedBy[id] ?? "";
  if (ids.length === 1) return fill(strings.announceBy, { who, ...person(after.grid, id, strings) });
  return fillPlural(strings.announceByMany, ids.length, locale, { who });
}

function figures(grid: GridState): { absent: number; unmarked: number } {
  const { ABSENT, UNMARKED } = summaryOf(grid).counts;
  return { absent: ABSENT, unmarked: UNMARKED };
}

function person(grid: GridState, studentId: string, strings: GridStrings): { name: string; status: string } {
  const name = grid.students.find(({ id }) => id === studentId)?.name ?? "";
  return { name, status: markInSentence(markOf(grid, studentId), strings) };
}
