import {
  type Conflict,
  type GridMark,
  type GridState,
  type GridStudent,
  markOf,
  sameMark,
  unmarkedStudents,
} from "../state/grid-state";
import type { DetailField } from "../view/row-details";
import type { SheetStore } from "../sync/sheet-store";

/** All that one row shows. The same object until something of it changes. */
export type RowView = {
  mark: GridMark;
  isWaiting: boolean;
  hasLeft: boolean;
  markedBy: string | null;
  conflict: Conflict | null;
  details: DetailField | "open" | null;
  isChosen: boolean;
};
export type ListView = { students: readonly GridStudent[]; onlyUnmarked: boolean };
type Listener = () => void;

/**
 * What the grid shows beyond the marks (open details, a range, the filter) and a view for each row, outside of React: in
 * a class of 300 a key tells the one or two rows that it changed, and nobody else.
 */
export class GridUi {
  readonly #store: SheetStore;
  readonly #rows = new Map<string, RowView>();
  readonly #rowListeners = new Map<string, Set<Listener>>();
  readonly #listListeners = new Set<Listener>();
  #list: ListView;
  #shown: Set<string> | null = null;
  /** The grid that the rows show. */
  #drawn: GridState | null = null;
  #details: { studentId: string; field: DetailField | "open" } | null = null;
  #range: readonly string[] = [];

  constructor(store: SheetStore) {
    this.#store = store;
    this.#list = { students: store.view().grid.students, onlyUnmarked: false };
    this.#drawAll();
  }

  /** Follows the store until the answer is called. */
  readonly follow = (): (() => void) => this.#store.subscribe(this.#drawAll);

  readonly row = (studentId: string): RowView => this.#rows.get(studentId) ?? this.#drawRow(studentId);

  readonly subscribeRow = (studentId: string, listener: Listener): (() => void) => {
    let own = this.#rowListeners.get(studentId);
    if (!own) this.#rowListeners.set(studentId, (own = new Set()));
    own.add(listener);
    return () => own.delete(listener);
  };

  readonly list = (): ListView => this.#list;

  readonly subscribeList = (listener: Listener): (() => void) => {
    this.#listListeners.add(listener);
    return () => this.#listListeners.delete(listener);
  };

  /**
   * Shows only the students without a mark. A row that gets one stays until the filter is pressed again: the list does
   * not move under the finger. One that loses its mark joins them.
   */
  readonly filter = (onlyUnmarked: boolean): void => {
    if (onlyUnmarked && unmarkedStudents(this.#store.view().grid).length === 0) return;
    this.#shown = onlyUnmarked ? new Set() : null;
    this.#drawAll();
  };

  /** Makes sure that the student is in the list. */
  readonly reveal = (studentId: string): void => {
    if (this.#shown && !this.#shown.has(studentId)) this.filter(false);
  };

  readonly openDetails = (studentId: string, field: DetailField | "open"): void =>
    this.#setDetails({ studentId, field });
  readonly closeDetails = (): void => this.#setDetails(null);
  /** The field that was asked for has the focus: it is not given to it again when the row is drawn anew. */
  readonly fieldFocused = (): void => {
    if (this.#details) this.#setDetails({ ...this.#details, field: "open" });
  };
  readonly detailsOf = (studentId: string): boolean => this.#details?.studentId === studentId;

  readonly range = (): readonly string[] => this.#range;

  readonly setRange = (studentIds: readonly string[]): void => {
    if (studentIds.length === 0 && this.#range.length === 0) return;
    const touched = new Set([...this.#range, ...studentIds]);
    this.#range = studentIds;
    for (const id of touched) this.#drawRow(id);
  };

  #setDetails(next: { studentId: string; field: DetailField | "open" } | null): void {
    const before = this.#details;
    this.#details = next;
    for (const id of new Set([before?.studentId, next?.studentId])) if (id !== undefined) this.#drawRow(id);
  }

  readonly #drawAll = (): void => {
    const { grid } = this.#store.view();
    const drawn = this.#drawn;
    this.#drawn = grid;
    for (const { id } of grid.students) if (!drawn || differs(drawn, grid, id)) this.#drawRow(id);
    if (this.#shown) for (const id of unmarkedStudents(grid)) this.#shown.add(id);
    const shown = this.#shown;
    const students = shown ? grid.students.filter(({ id }) => shown.has(id)) : grid.students;
    const { students: before, onlyUnmarked } = this.#list;
    const isSame =
      students === before ||
      (students.length === before.length && students.every((student, n) => student === before[n]));
    if (isSame && onlyUnmarked === (shown !== null)) return;
    this.#list = { students, onlyUnmarked: shown !== null };
    for (const listener of this.#listListeners) listener();
  };

  #drawRow(id: string): RowView {
    const { grid } = this.#store.view();
    const mark = markOf(grid, id);
    const next: RowView = {
      mark,
      isWaiting: !sameMark(mark, grid.saved[id] ?? mark),
      hasLeft: grid.left[id] === true,
      markedBy: grid.changedBy[id] ?? null,
      conflict: grid.conflicts[id] ?? null,
      details: this.#details?.studentId === id ? this.#details.field : null,
      isChosen: this.#range.includes(id),
    };
    const before = this.#rows.get(id);
    if (before && sameView(before, next)) return before;
    this.#rows.set(id, next);
    for (const listener of this.#rowListeners.get(id) ?? []) listener();
    return next;
  }
}

/** A first look, by identity alone: a key leaves 299 of 300 rows with the same objects. */
function differs(before: GridState, after: GridState, id: string): boolean {
  return (
    before.marks[id] !== after.marks[id] ||
    before.saved[id] !== after.saved[id] ||
    before.conflicts[id] !== after.conflicts[id] ||
    before.changedBy[id] !== after.changedBy[id] ||
    before.left[id] !== after.left[id]
  );
}

function sameView(a: RowView, b: RowView): boolean {
  return (
    sameMark(a.mark, b.mark) &&
    a.isWaiting === b.isWaiting &&
    a.hasLeft === b.hasLeft &&
    a.markedBy === b.markedBy &&
    a.conflict === b.conflict &&
    a.details === b.details &&
    a.isChosen === b.isChosen
  );
}
