import { countGrid, type GridState, type GridStatus, othersToMark, waitingStudents } from "./grid-state";

export type GridSummary = {
  counts: Record<GridStatus | "UNMARKED", number>;
  waiting: number;
  undecided: number;
  others: number;
};

const summaries = new WeakMap<GridState, GridSummary>();

/** Counts of a grid; counted once for each state of it, however many parts of the page show them. */
export function summaryOf(grid: GridState): GridSummary {
  const known = summaries.get(grid);
  if (known) return known;
  const summary = {
    counts: countGrid(grid),
    waiting: waitingStudents(grid).length,
    undecided: Object.keys(grid.conflicts).length,
    others: othersToMark(grid).length,
  };
  summaries.set(grid, summary);
  return summary;
}
