import { flushSync } from "react-dom";
import type { Announcer } from "./announcer";
import { sayFill, sayMany, sayMark, sayStep, type Wording } from "../state/announcements";
import { buttonsOf, cellOf, openHelp } from "./grid-dom";
import type { GridCommand } from "../state/grid-keys";
import { type GridStatus, markOf } from "../state/grid-state";
import { fill } from "@/components/patterns/data/fill";
import { summaryOf } from "../state/grid-summary";
import type { GridUi } from "./grid-ui";
import { markInSentence } from "../state/grid-words";
import type { SheetStore } from "../sync/sheet-store";

export type ControlsOptions = {
  store: SheetStore;
  ui: GridUi;
  announcer: Announcer;
  wording: Wording;
  readOnly: boolean;
  startsAt: string;
  endsAt: string;
};

/**
 * What a teacher can do in the grid, by key, mouse or finger: changes the state, then moves the focus, then says it.
 * Outside of React, so that no handler is made anew by a mark.
 */
export class GridControls {
  readonly #options: ControlsOptions;
  /** Whose row is the one tab stop of the grid. */
  #activeId: string | undefined;
  /** Where a range began. */
  #anchorId: string | undefined;

  constructor(options: ControlsOptions) {
    this.#options = options;
    this.#activeId = options.store.view().grid.students[0]?.id;
  }

  /** The row that a key is for when the grid itself has the focus, as after a click in browsers that focus no button. */
  readonly activeId = (): string | undefined => this.#activeId;

  /** Makes a row the tab stop. The attribute is moved by hand: a focus that goes on draws nothing. */
  readonly setActive = (studentId: string | undefined): void => {
    const before = this.#activeId === undefined ? null : cellOf(this.#activeId);
    const next = studentId === undefined ? null : cellOf(studentId);
    if (!next) return;
    if (before && before !== next) before.tabIndex = -1;
    next.tabIndex = 0;
    this.#activeId = studentId;
  };

  readonly focusRow = (studentId: string | undefined): void => {
    if (studentId === undefined) return;
    if (!cellOf(studentId)) flushSync(() => this.#options.ui.reveal(studentId));
    bring(cellOf(studentId));
  };

  readonly run = (command: GridCommand, studentId: string): void => {
    const { ui, readOnly } = this.#options;
    switch (command.type) {
      case "move":
        return command.extend && !readOnly ? this.#extend(studentId, command.by) : this.#move(studentId, command.by);
      case "moveTo":
        return this.#move(studentId, command.place === "first" ? -Infinity : Infinity);
      case "find":
        return document.getElementById("grid-find")?.focus();
      case "help":
        return openHelp();
      case "endRange":
        return this.#endRange();
    }
    if (readOnly) return;
    switch (command.type) {
      case "mark":
        return this.#markAndGoOn(studentId, command.status);
      case "buttons":
        return buttonsOf(studentId)[0]?.focus();
      case "fill":
        return this.fill();
      case "undo":
      case "redo":
        return this.step(command.type, true);
      case "primary":
        return void this.primary();
      case "details":
        return ui.detailsOf(studentId) ? ui.closeDetails() : ui.openDetails(studentId, "open");
      case "note":
        return ui.openDetails(studentId, "note");
      case "minutes":
        return this.#minutes(studentId);
    }
  };

  readonly mark = (studentId: string, status: GridStatus | null): void => {
    const { store, announcer, wording } = this.#options;
    flushSync(() => store.act({ type: "mark", studentId, status, ...this.#lateness(status) }));
    announcer.say(() => sayMark(store.view().grid, studentId, wording));
  };

  readonly fill = (): void => {
    const { store, announcer, wording } = this.#options;
    const before = summaryOf(store.view().grid).counts.UNMARKED;
    store.act({ type: "fillPresent" });
    announcer.say(() => {
      const { grid } = store.view();
      return sayFill(grid, before - summaryOf(grid).counts.UNMARKED, wording);
    });
  };

  /** Undoes or redoes, says what that was, and brings the row into sight – with the focus when it came from the list. */
  readonly step = (way: "undo" | "redo", fromList = false): void => {
    const { store, announcer, wording } = this.#options;
    const { grid } = store.view();
    const step = (way === "undo" ? grid.undo : grid.redo).at(-1);
    const studentId = step?.entries[0]?.id;
    if (!step || studentId === undefined) return;
    flushSync(() => store.act({ type: way }));
    if (fromList) this.focusRow(studentId);
    else cellOf(studentId)?.scrollIntoView({ block: "nearest" });
    announcer.say(() => sayStep(store.view().grid, step, way, wording));
  };

  /** The button at the foot: finishes, or saves the corrections of a finished sheet. */
  readonly primary = async (): Promise<void> => {
    const { store } = this.#options;
    const { grid } = store.view();
    if (summaryOf(grid).undecided > 0) return this.toConflict();
    const pressedAt = document.activeElement;
    await (grid.isFinal ? this.save() : store.finish());
    // Only whoever waits for the answer is led there: else the letters of a note would become marks.
    const isWaiting = document.activeElement === pressedAt || document.activeElement === document.body;
    if (isWaiting && summaryOf(store.view().grid).undecided > 0) this.toConflict();
  };

  /** Sends what waits, now, and says when it has arrived. */
  readonly save = async (): Promise<void> => {
    const { store, announcer, wording } = this.#options;
    await store.save();
    if (store.view().save.phase === "saved") announcer.say(() => wording.strings.savedNow);
  };

  /** Opens a finished class again while nobody has been notified, and goes back to its list. */
  readonly reopen = async (): Promise<void> => {
    const { store, announcer, wording } = this.#options;
    const outcome = await store.endGrace("reopen");
    if (outcome === "late") announcer.show(wording.strings.graceEnded);
    if (outcome !== "done") return;
    this.focusRow(this.#activeId);
    announcer.show(wording.strings.reopened);
  };

  /** Guardians are notified now instead of when the time to reopen is over. */
  readonly notify = async (): Promise<void> => {
    const { store, announcer, wording } = this.#options;
    if ((await store.endGrace("notify")) !== "lost") announcer.show(wording.strings.notifiedNow);
  };

  /** Goes to the first student whose mark waits for a decision. */
  readonly toConflict = (): void => {
    const { conflicts, students } = this.#options.store.view().grid;
    this.focusRow(students.find(({ id }) => conflicts[id])?.id);
  };

  #students() {
    return this.#options.ui.list().students;
  }

  #neighbour(studentId: string, by: number): string | undefined {
    const students = this.#students();
    const index = students.findIndex(({ id }) => id === studentId);
    return students[Math.max(0, Math.min(students.length - 1, index + by))]?.id;
  }

  #move(studentId: string, by: number): void {
    this.#endRange();
    this.focusRow(this.#neighbour(studentId, by));
  }

  #extend(studentId: string, by: number): void {
    const { ui, announcer, wording } = this.#options;
    this.#anchorId ??= studentId;
    const to = this.#neighbour(studentId, by);
    const ids = this.#students().map(({ id }) => id);
    const [first = 0, last = 0] = [ids.indexOf(this.#anchorId), ids.indexOf(to ?? studentId)].sort((a, b) => a - b);
    flushSync(() => ui.setRange(ids.slice(Math.max(0, first), last + 1)));
    this.focusRow(to);
    announcer.say(() => fill(wording.strings.announceRange, { count: ui.range().length }));
  }

  #endRange(): void {
    this.#anchorId = undefined;
    this.#options.ui.setRange([]);
  }

  #markAndGoOn(studentId: string, status: GridStatus | null): void {
    const { store, ui, announcer, wording } = this.#options;
    const range = ui.range();
    if (range.length > 1 && range.includes(studentId)) {
      flushSync(() => {
        store.act({ type: "markMany", studentIds: range, status, ...this.#lateness(status) });
        this.#endRange();
      });
      const word = markInSentence({ status, minutesLate: null, note: null }, wording.strings);
      announcer.say(() => sayMany(store.view().grid, range.length, word, wording));
    } else {
      this.#endRange();
      this.mark(studentId, status);
    }
    if (status !== null) this.focusRow(this.#neighbour(range.length > 1 ? (range.at(-1) ?? studentId) : studentId, 1));
  }

  #minutes(studentId: string): void {
    const { store, ui, announcer, wording } = this.#options;
    const { grid } = store.view();
    if (markOf(grid, studentId).status === "LATE") return ui.openDetails(studentId, "minutes");
    const name = grid.students.find(({ id }) => id === studentId)?.name ?? "";
    const { strings } = wording;
    announcer.show(
      fill(strings.minutesOnlyLate, { name, late: strings.letters.LATE, minutes: strings.letters.minutes }),
    );
  }

  /** How late somebody is who comes in now, while the class runs; else nobody knows. */
  #lateness(status: GridStatus | null): { minutesLate?: number | null } {
    const now = Date.now();
    const start = Date.parse(this.#options.startsAt);
    if (status !== "LATE" || now <= start || now >= Date.parse(this.#options.endsAt)) return {};
    return { minutesLate: Math.min(600, Math.round((now - start) / 60_000)) };
  }
}

/** Into sight and into focus. The browser's own scrolling on focus would lay the page out a second time. */
function bring(cell: HTMLElement | null): void {
  cell?.focus({ preventScroll: true });
  cell?.scrollIntoView({ block: "nearest" });
}
