import {
  type GridAction,
  type GridMark,
  type GridState,
  markOf,
  reduceGrid,
  unmarkedStudents,
  waitingStudents,
} from "./grid-state";
import type { SaveAnswer, SheetApi } from "./sheet-api";

/** Where the marks are. One vocabulary, everywhere. */
export type SaveState =
  | { phase: "idle" }
  | { phase: "saving" }
  | { phase: "saved"; at: number }
  | { phase: "waiting" }
  | { phase: "signedOut" }
  | { phase: "locked"; detail: string };
export type SheetView = { grid: GridState; save: SaveState; finishedHere: boolean };

export const AUTOSAVE_AFTER_MS = 1_500;
export const POLL_EVERY_MS = 3_000;
const RETRY_AFTER_MS = [2_000, 4_000, 8_000, 16_000, 30_000];
const MAX_CONFLICT_ROUNDS = 4;

/**
 * The grid's state together with its saving, outside of React: marks are kept here whatever the network does. One request
 * at a time; after a conflict the server's marks are merged in and the rest is sent again. On a sheet that is final
 * nothing is sent by itself, because guardians are told at once.
 */
export class SheetStore {
  #view: SheetView;
  readonly #api: SheetApi;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #busy = false;
  #failures = 0;

  constructor(grid: GridState, api: SheetApi) {
    this.#view = { grid, save: { phase: "idle" }, finishedHere: false };
    this.#api = api;
  }

  readonly view = (): SheetView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Applies what the teacher did; an open sheet is saved a moment later. */
  readonly act = (action: GridAction): void => {
    this.#set({ grid: reduceGrid(this.#view.grid, action) });
    this.#schedule(AUTOSAVE_AFTER_MS);
  };

  /** Sends what waits, now. */
  readonly save = (): Promise<void> => this.#send(false);

  /** Marks those without a mark present and finishes, in one request. Nobody who has a mark is touched. */
  readonly finish = (): Promise<void> => this.#send(true);

  /** Asks whether somebody else has saved, and shows it. */
  readonly poll = async (): Promise<void> => {
    if (this.#busy) return;
    const version = await this.#api.version();
    if (version === null || version === this.#view.grid.version || this.#busy) return;
    await this.#merge();
    this.#schedule(AUTOSAVE_AFTER_MS);
  };

  /** Stops the clock; what waits stays. */
  readonly stop = (): void => clearTimeout(this.#timer);

  #set(change: Partial<SheetView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }

  #schedule(afterMs: number): void {
    clearTimeout(this.#timer);
    const { grid, save } = this.#view;
    if (save.phase === "locked" || save.phase === "signedOut") return;
    if (waitingStudents(grid).length === 0) {
      this.#failures = 0;
      if (save.phase === "saving" || save.phase === "waiting") this.#set({ save: { phase: "idle" } });
      return;
    }
    if (grid.isFinal) return this.#set({ save: { phase: "waiting" } });
    if (this.#failures === 0) this.#set({ save: { phase: "saving" } });
    this.#timer = setTimeout(() => void this.#send(false), afterMs);
  }

  async #send(finalize: boolean): Promise<void> {
    if (this.#busy) return;
    clearTimeout(this.#timer);
    this.#busy = true;
    this.#set({ save: { phase: "saving" } });
    try {
      await this.#sendUntilSettled(finalize);
    } finally {
      this.#busy = false;
    }
    const { phase } = this.#view.save;
    if (phase === "saved" || phase === "saving") this.#schedule(AUTOSAVE_AFTER_MS);
  }

  async #sendUntilSettled(finalize: boolean): Promise<void> {
    const wasFinal = this.#view.grid.isFinal;
    for (let round = 0; round < MAX_CONFLICT_ROUNDS; round++) {
      const { grid } = this.#view;
      // Somebody else finished it meanwhile: the teacher sees that before guardians are told of anything more.
      if (grid.isFinal !== wasFinal) return this.#set({ save: { phase: "waiting" } });
      if (finalize && Object.keys(grid.conflicts).length > 0) return this.#set({ save: { phase: "waiting" } });
      const sent: Record<string, GridMark> = {};
      for (const id of waitingStudents(grid)) sent[id] = markOf(grid, id);
      if (finalize && !grid.isFinal)
        for (const id of unmarkedStudents(grid)) sent[id] = { ...markOf(grid, id), status: "PRESENT" };
      if (!finalize && Object.keys(sent).length === 0) return this.#set({ save: { phase: "saved", at: Date.now() } });
      const answer = await this.#api.save({
        records: Object.entries(sent).map(([studentId, mark]) => ({ studentId, mark })),
        finalize,
        expectedVersion: grid.version,
      });
      if (answer.outcome === "conflict") {
        if (await this.#merge()) continue;
        return this.#failed({ outcome: "unreachable" });
      }
      if (answer.outcome === "left") {
        this.#set({ grid: reduceGrid(this.#view.grid, { type: "left", studentIds: answer.studentIds }) });
        continue;
      }
      if (answer.outcome !== "saved") return this.#failed(answer);
      this.#failures = 0;
      const grown = reduceGrid(this.#view.grid, { type: "saved", sent, ...answer });
      const finishedHere = this.#view.finishedHere || (answer.isFinal && !wasFinal);
      return this.#set({ grid: grown, save: { phase: "saved", at: Date.now() }, finishedHere });
    }
    this.#failed({ outcome: "unreachable" });
  }

  #failed(answer: Exclude<SaveAnswer, { outcome: "saved" | "conflict" | "left" }>): void {
    if (answer.outcome === "locked") return this.#set({ save: { phase: "locked", detail: answer.detail } });
    if (answer.outcome === "signedOut") return this.#set({ save: { phase: "signedOut" } });
    const backOffMs = RETRY_AFTER_MS[Math.min(this.#failures, RETRY_AFTER_MS.length - 1)] ?? 30_000;
    this.#failures += 1;
    this.#set({ save: { phase: "waiting" } });
    // A finish that failed is not repeated by itself: the teacher presses again. The marks are.
    if (!this.#view.grid.isFinal && waitingStudents(this.#view.grid).length > 0)
      this.#timer = setTimeout(() => void this.#send(false), answer.retryAfterMs ?? backOffMs);
  }

  async #merge(): Promise<boolean> {
    const sheet = await this.#api.read();
    if (!sheet) return false;
    this.#set({ grid: reduceGrid(this.#view.grid, { type: "server", ...sheet }) });
    return true;
  }
}
