import {
  type GridAction,
  type GridMark,
  type GridState,
  markOf,
  reduceGrid,
  unmarkedStudents,
  waitingStudents,
} from "../state/grid-state";
import { summaryOf } from "../state/grid-summary";
import type { Alerts, Locked, SaveAnswer, SheetApi } from "./sheet-api";

/** Where the marks are. One vocabulary, everywhere. */
export type SaveState =
  | { phase: "idle" }
  | { phase: "saving" }
  | { phase: "saved"; at: number }
  | { phase: "waiting" }
  | { phase: "signedOut" }
  | { phase: "locked"; why: Locked };
export type SheetView = {
  grid: GridState;
  save: SaveState;
  isFinishing: boolean;
  finishedHere: boolean;
  /** What the teacher asked for by hand and did not get: it is not repeated by itself, so it must be said. */
  notDone: "finish" | "correction" | "reopen" | "notify" | null;
  /** What waits until guardians are notified; null: nothing. */
  alerts: Alerts | null;
  /** The teacher has asked to end that wait and has no answer yet. */
  ending: "reopen" | "notify" | null;
};
/** `auto` is the grid's own saving, which never tells a guardian anything. */
type SendKind = "auto" | "save" | "finish";

export const AUTOSAVE_AFTER_MS = 1_500;
export const POLL_EVERY_MS = 3_000;
/** How long the name of the one who made a mark elsewhere is shown. */
export const SHOW_BY_MS = 5_000;
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
  readonly #sendListeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  #failures = 0;
  /** Sent without an answer: nobody knows which of them arrived. */
  #attempted: Record<string, readonly GridMark[]> = {};

  constructor(grid: GridState, api: SheetApi, alerts: Alerts | null = null) {
    this.#view = {
      grid,
      save: { phase: "idle" },
      isFinishing: false,
      finishedHere: false,
      notDone: null,
      alerts,
      ending: null,
    };
    this.#api = api;
  }

  readonly view = (): SheetView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Calls back before marks go out: what is kept elsewhere must not be older than what the server may have. */
  readonly onSend = (listener: () => void): (() => void) => {
    this.#sendListeners.add(listener);
    return () => this.#sendListeners.delete(listener);
  };

  /** Applies what the teacher did; an open sheet is saved a moment later. */
  readonly act = (action: GridAction): void => {
    const grid = reduceGrid(this.#view.grid, action);
    if (grid === this.#view.grid) return;
    this.#schedule(AUTOSAVE_AFTER_MS, grid);
  };

  /** Sends what waits, now, at the teacher's wish. */
  readonly save = (): Promise<void> => this.#ask("save");

  /** Marks those without a mark present and finishes, in one request. Nobody who has a mark is touched. */
  readonly finish = async (): Promise<void> => {
    if (this.#view.isFinishing) return;
    this.#set({ isFinishing: true });
    try {
      await this.#ask("finish");
    } finally {
      this.#set({ isFinishing: false });
    }
  };

  /** The server's time in milliseconds. */
  readonly nowMs = (): number => this.#api.nowMs();

  /**
   * Ends the wait before guardians are notified: the class is open again, or they are notified now. Answers what came of
   * it; `late`: they are being notified already. Without an answer nothing is repeated by itself.
   */
  readonly endGrace = async (how: "reopen" | "notify"): Promise<"done" | "late" | "lost"> => {
    if (this.#view.ending) return "lost";
    this.#set({ ending: how, notDone: null });
    while (this.#running) await this.#running;
    const answer = await this.#api.endGrace(how);
    switch (answer.outcome) {
      case "signedOut":
        this.#set({ ending: null, save: { phase: "signedOut" } });
        return "lost";
      case "unreachable":
        this.#set({ ending: null, notDone: how });
        return "lost";
      case "late":
        this.#set({ ending: null, alerts: null });
        return "late";
      case "done":
        this.#set({ ending: null, alerts: null });
        if (how === "reopen") this.#opened(reduceGrid(this.#view.grid, { type: "reopened", version: answer.version }));
        return "done";
    }
  };

  /** The wait is over by the clock; the next look at the server says the same. */
  readonly graceOver = (): void => {
    if (!this.#view.ending) this.#set({ alerts: null });
  };

  /** Sends the marks of an open sheet that wait, unasked: the page goes away, or the network is back. */
  readonly flush = async (): Promise<void> => {
    const { grid } = this.#view;
    if (!grid.isFinal && summaryOf(grid).waiting > 0) await this.#auto();
  };

  /** Asks whether somebody else has saved, and shows it. */
  readonly poll = async (): Promise<void> => {
    if (this.#running) return;
    const now = await this.#api.version();
    if (now === null || this.#running || this.#view.ending) return;
    if (now.version === this.#view.grid.version) this.#set({ alerts: this.#pending(now.alerts) });
    if (now.version <= this.#view.grid.version) return;
    if (await this.#merge()) this.#schedule(AUTOSAVE_AFTER_MS);
  };

  /** Stops the clock; what waits stays. */
  readonly stop = (): void => clearTimeout(this.#timer);

  /** What the server says that waits, unless its time is over; the same object while nothing has changed. */
  #pending(alerts: Alerts | null): Alerts | null {
    const known = this.#view.alerts;
    if (alerts === null || Date.parse(alerts.at) <= this.#api.nowMs()) return null;
    const finishedAt = alerts.finishedAt ?? (known?.at === alerts.at ? known.finishedAt : null);
    return known?.at === alerts.at && known.finishedAt === finishedAt ? known : { ...alerts, finishedAt };
  }

  /** The class is open again: what was marked meanwhile is saved as on any open sheet. */
  #opened(grid: GridState): void {
    this.#set({ grid, alerts: null, finishedHere: false });
    this.#schedule(AUTOSAVE_AFTER_MS);
  }

  #set(change: Partial<SheetView>): void {
    const now = this.#view;
    const keys = Object.keys(change) as (keyof SheetView)[];
    if (keys.every((key) => change[key] === now[key])) return;
    this.#view = { ...now, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Takes over a new grid and says, in the same change, where its marks are; sends them in a while. */
  #schedule(afterMs: number, grid: GridState = this.#view.grid): void {
    clearTimeout(this.#timer);
    const { save } = this.#view;
    if (save.phase === "locked" || save.phase === "signedOut") return this.#set({ grid });
    if (summaryOf(grid).waiting === 0) {
      this.#failures = 0;
      const isOver = save.phase === "saving" || save.phase === "waiting";
      return this.#set({ grid, save: isOver && !this.#running ? { phase: "idle" } : save });
    }
    if (grid.isFinal) return this.#set({ grid, save: to("waiting", save) });
    this.#set({ grid, save: this.#failures === 0 ? to("saving", save) : save });
    this.#timer = setTimeout(() => void this.#auto(), afterMs);
  }

  async #auto(): Promise<void> {
    // What waits is looked at again when the running request is over.
    if (this.#running || this.#view.grid.isFinal) return;
    await this.#send("auto", this.#view.grid.isFinal);
  }

  /** A wish by hand is never dropped: while a request runs it waits for it. */
  async #ask(kind: "save" | "finish"): Promise<void> {
    const wasFinal = this.#view.grid.isFinal;
    this.#set({ notDone: null });
    while (this.#running) await this.#running;
    await this.#send(kind, wasFinal);
  }

  async #send(kind: SendKind, wasFinal: boolean): Promise<void> {
    clearTimeout(this.#timer);
    // A retry by itself goes on saying that the marks wait.
    if (kind !== "auto" || this.#failures === 0) this.#set({ save: to("saving", this.#view.save) });
    const running = this.#sendUntilSettled(kind, wasFinal).finally(() => {
      this.#running = null;
    });
    this.#running = running;
    await running;
    const { phase } = this.#view.save;
    if (phase === "saved" || phase === "saving") this.#schedule(AUTOSAVE_AFTER_MS);
  }

  async #sendUntilSettled(kind: SendKind, wasFinal: boolean): Promise<void> {
    const finalize = kind === "finish";
    for (let round = 0; round < MAX_CONFLICT_ROUNDS; round++) {
      const { grid } = this.#view;
      // Somebody else finished it meanwhile: the teacher sees that before guardians are told of anything more.
      if (grid.isFinal !== wasFinal) {
        this.#set({ save: { phase: "waiting" }, finishedHere: grid.isFinal && (this.#view.finishedHere || finalize) });
        // Reopened elsewhere: the marks go out as those of any open sheet.
        return grid.isFinal ? undefined : this.#schedule(AUTOSAVE_AFTER_MS);
      }
      if (finalize && Object.keys(grid.conflicts).length > 0) return this.#set({ save: { phase: "waiting" } });
      const sent: Record<string, GridMark> = {};
      const waiting = waitingStudents(grid);
      for (const id of waiting) sent[id] = markOf(grid, id);
      if (finalize && !grid.isFinal)
        for (const id of unmarkedStudents(grid)) sent[id] = { ...markOf(grid, id), status: "PRESENT" };
      if (!finalize && Object.keys(sent).length === 0) return this.#set({ save: { phase: "saved", at: Date.now() } });
      for (const listener of this.#sendListeners) listener();
      const answer = await this.#api.save({
        records: Object.entries(sent).map(([studentId, mark]) => ({ studentId, mark })),
        finalize,
        expectedVersion: grid.version,
      });
      if (answer.outcome === "conflict") {
        if (await this.#merge()) continue;
        return this.#failed(kind, { outcome: "unreachable" });
      }
      if (answer.outcome === "left") {
        this.#set({ grid: reduceGrid(this.#view.grid, { type: "left", studentIds: answer.studentIds }) });
        continue;
      }
      if (answer.outcome === "unreachable")
        for (const id of waiting) this.#attempted[id] = [...(this.#attempted[id] ?? []), markOf(grid, id)];
      if (answer.outcome !== "saved") return this.#failed(kind, answer);
      this.#failures = 0;
      this.#attempted = {};
      const grown = reduceGrid(this.#view.grid, { type: "saved", sent, ...answer });
      const finishedHere = this.#view.finishedHere || (answer.isFinal && !wasFinal);
      const alerts = this.#pending(answer.alerts);
      this.#set({ grid: grown, save: { phase: "saved", at: Date.now() }, finishedHere, alerts });
      return;
    }
    this.#failed(kind, { outcome: "unreachable" });
  }

  #failed(kind: SendKind, answer: Exclude<SaveAnswer, { outcome: "saved" | "conflict" | "left" }>): void {
    if (answer.outcome === "locked") return this.#set({ save: { phase: "locked", why: answer.why } });
    if (answer.outcome === "signedOut") return this.#set({ save: { phase: "signedOut" } });
    const backOffMs = RETRY_AFTER_MS[Math.min(this.#failures, RETRY_AFTER_MS.length - 1)] ?? 30_000;
    this.#failures += 1;
    const { grid, notDone } = this.#view;
    const byHand = kind === "finish" ? "finish" : kind === "save" && grid.isFinal ? "correction" : notDone;
    this.#set({ save: { phase: "waiting" }, notDone: byHand });
    // A finish that failed is not repeated by itself: the teacher presses again. The marks are.
    if (!grid.isFinal && summaryOf(grid).waiting > 0)
      this.#timer = setTimeout(() => void this.#auto(), answer.retryAfterMs ?? backOffMs);
  }

  async #merge(): Promise<boolean> {
    const sheet = await this.#api.read();
    if (!sheet) return false;
    const before = this.#view;
    const grid = reduceGrid(before.grid, { type: "server", ...sheet, attempted: this.#attempted });
    // A finish whose answer was lost has arrived after all.
    const arrived = grid.isFinal && !before.grid.isFinal && before.notDone === "finish";
    const alerts = this.#pending(sheet.alerts);
    this.#set({ grid, alerts, ...(arrived ? { notDone: null, finishedHere: true } : {}) });
    if (before.grid.isFinal && !grid.isFinal) this.#set({ finishedHere: false });
    const studentIds = Object.keys(grid.changedBy).filter((id) => grid.changedBy[id] !== before.grid.changedBy[id]);
    if (studentIds.length > 0)
      setTimeout(() => this.#set({ grid: reduceGrid(this.#view.grid, { type: "seen", studentIds }) }), SHOW_BY_MS);
    return true;
  }
}

/** A phase without data; the same object when it is the phase already, so that nobody is told of no change. */
function to(phase: "saving" | "waiting", now: SaveState): SaveState {
  return now.phase === phase ? now : { phase };
}
