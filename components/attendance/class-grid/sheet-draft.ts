import { type GridMark, type GridState, markOf, sameMark } from "./grid-state";

export type Draft = Record<string, { base: GridMark; mark: GridMark }>;

const keyOf = (teacherId: string, classSessionId: string) => `campus:sheet:${teacherId}:${classSessionId}`;

/** Marks that an earlier load of this tab could not send, or null. Ids and marks only, no names; gone with the tab. */
export function readDraft(teacherId: string, classSessionId: string): Draft | null {
  try {
    const text = sessionStorage.getItem(keyOf(teacherId, classSessionId));
    return text === null ? null : (JSON.parse(text) as Draft);
  } catch {
    return null;
  }
}

/** Keeps what differs from the server, or takes the draft away when nothing does. */
export function writeDraft(teacherId: string, classSessionId: string, grid: GridState): void {
  const draft: Draft = {};
  for (const { id } of grid.students) {
    const base = grid.saved[id];
    const mark = markOf(grid, id);
    if (base && !grid.left[id] && !sameMark(base, mark)) draft[id] = { base, mark };
  }
  try {
    const key = keyOf(teacherId, classSessionId);
    if (Object.keys(draft).length === 0) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // A browser that keeps nothing: the marks are still in memory.
  }
}
