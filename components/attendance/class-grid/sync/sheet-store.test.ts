import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { countGrid, type GridMark, type GridStatus, initialGrid, waitingStudents } from "../state/grid-state";
import type { Alerts, EndGraceAnswer, SaveAnswer, SaveRequest, SheetApi } from "./sheet-api";
import { AUTOSAVE_AFTER_MS, SheetStore, SHOW_BY_MS } from "./sheet-store";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const mark = (status: GridStatus | null): GridMark => ({ status, minutesLate: null, note: null });
const ids = ["a", "b", "c", "d"];

/** A server in memory with versions and finality, and a switch for the network. */
function server() {
  const marks = new Map(ids.map((id) => [id, mark(null)]));
  const state = {
    version: 0,
    isFinal: false,
    alerts: null as Alerts | null,
    answer: null as SaveAnswer | null,
    endAnswer: null as EndGraceAnswer | null,
    /** The save arrives, its answer does not. */
    losesAnswers: false,
    by: "P. Malá" as string | null,
    requests: [] as SaveRequest[],
    /** Requests wait for it. */
    gate: null as Promise<void> | null,
  };
  const api: SheetApi = {
    async save(request) {
      state.requests.push(request);
      if (state.gate) await state.gate;
      if (state.answer) return state.answer;
      if (request.expectedVersion !== state.version) return { outcome: "conflict" };
      for (const record of request.records) marks.set(record.studentId, record.mark);
      state.version += 1;
      state.isFinal ||= request.finalize;
      if (state.losesAnswers) return { outcome: "unreachable" };
      return { outcome: "saved", version: state.version, isFinal: state.isFinal, alerts: state.alerts };
    },
    async read() {
      const rows = ids.map((id) => ({
        student: { id, name: id },
        mark: marks.get(id) ?? mark(null),
        by: state.by,
      }));
      return { rows, version: state.version, isFinal: state.isFinal, alerts: state.alerts, lock: null };
    },
    async version() {
      return { version: state.version, alerts: state.alerts };
    },
    async endGrace(how) {
      if (state.endAnswer) return state.endAnswer;
      state.alerts = null;
      if (how === "reopen") {
        state.version += 1;
        state.isFinal = false;
      }
      return { outcome: "done", version: state.version };
    },
    nowMs: () => Date.now(),
  };
  const elsewhere = (id: string, status: GridStatus | null) => {
    marks.set(id, mark(status));
    state.version += 1;
  };
  const rows = ids.map((id) => ({ student: { id, name: id }, mark: mark(null), by: null }));
  return { state, marks, elsewhere, store: new SheetStore(initialGrid(rows, 0, false), api) };
}
const set = (studentId: string, status: GridStatus | null) => ({ type: "mark", studentId, status }) as const;

test("saves once, a moment after the last of several marks, and never finishes by itself", async () => {
  const { state, store } = server();
  store.act(set("a", "ABSENT"));
  await vi.advanceTimersByTimeAsync(AUTOSAVE_AFTER_MS - 1);
  store.act(set("b", "LATE"));
  await vi.advanceTimersByTimeAsync(AUTOSAVE_AFTER_MS - 1);
  expect(state.requests).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(state.requests).toHaveLength(1);
  expect(state.requests[0]).toMatchObject({ finalize: false, expectedVersion: 0 });
  expect(store.view().save.phase).toBe("saved");
});

test("keeps marks when the network is away, says so, and sends them again by itself", async () => {
  const { state, marks, store } = server();
  state.answer = { outcome: "unreachable" };
  store.act(set("a", "ABSENT"));
  await vi.advanceTimersByTimeAsync(AUTOSAVE_AFTER_MS);
  expect(store.view().save.phase).toBe("waiting");
  expect(waitingStudents(store.view().grid)).toEqual(["a"]);
  await vi.advanceTimersByTimeAsync(2_000 + 4_000);
  expect(state.requests).toHaveLength(3);
  state.answer = null;
  await vi.advanceTimersByTimeAsync(8_000);
  expect(marks.get("a")).toEqual(mark("ABSENT"));
  expect(store.view().save.phase).toBe("saved");
});

test("finishing marks the others present in the same request and touches nobody who has a mark", async () => {
  const { state, store } = server();
  store.act(set("b", "ABSENT"));
  await store.finish();
  expect(state.requests).toHaveLength(1);
  expect(state.requests[0]).toMatchObject({ finalize: true });
  expect(countGrid(store.view().grid)).toMatchObject({ PRESENT: 3, ABSENT: 1 });
  expect(store.view()).toMatchObject({ finishedHere: true, grid: { isFinal: true } });
});

test("finishing never overwrites a mark that another teacher made meanwhile", async () => {
  const { marks, elsewhere, store } = server();
  store.act(set("a", "LATE"));
  elsewhere("c", "ABSENT");
  await store.finish();
  expect([...marks.values()].map(({ status }) => status)).toEqual(["LATE", "PRESENT", "ABSENT", "PRESENT"]);
  expect(store.view().finishedHere).toBe(true);
});

test("finishing waits for the decision when the other teacher marked the same student differently", async () => {
  const { state, elsewhere, store } = server();
  store.act(set("a", "LATE"));
  elsewhere("a", "ABSENT");
  await store.finish();
  expect(state.isFinal).toBe(false);
  expect(store.view().grid.conflicts["a"]?.theirs.status).toBe("ABSENT");
  store.act({ type: "resolve", studentId: "a", keep: "mine" });
  await store.finish();
  expect(state.isFinal).toBe(true);
});

test("a sheet that somebody else has just finished is not corrected unseen", async () => {
  const { state, elsewhere, store } = server();
  store.act(set("a", "ABSENT"));
  elsewhere("b", "PRESENT");
  state.isFinal = true;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.requests).toHaveLength(1);
  expect(store.view()).toMatchObject({ save: { phase: "waiting" }, grid: { isFinal: true } });
  await store.save();
  expect(state.requests).toHaveLength(2);
  expect(store.view().save.phase).toBe("saved");
});

test("corrections of a final sheet are never sent by themselves", async () => {
  const { state, store } = server();
  await store.finish();
  store.act(set("a", "ABSENT"));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(state.requests).toHaveLength(1);
  expect(store.view().save.phase).toBe("waiting");
});

test("a locked class and an ended sign-in keep the marks and stop sending", async () => {
  for (const answer of [{ outcome: "locked", why: "CANCELLED" }, { outcome: "signedOut" }] as const) {
    const { state, store } = server();
    state.answer = answer;
    store.act(set("a", "ABSENT"));
    await vi.advanceTimersByTimeAsync(120_000);
    store.act(set("b", "ABSENT"));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(state.requests).toHaveLength(1);
    expect(waitingStudents(store.view().grid)).toEqual(["a", "b"]);
    expect(store.view().save.phase).toBe(answer.outcome);
  }
});

test("marks of a student who left are set aside and the rest is saved", async () => {
  const { state, marks, store } = server();
  state.answer = { outcome: "left", studentIds: ["a"] };
  store.act(set("a", "ABSENT"));
  store.act(set("b", "ABSENT"));
  const saving = store.save();
  state.answer = null;
  state.requests.length = 0;
  await saving;
  expect(store.view().grid.left).toEqual({ a: true });
  expect(marks.get("b")?.status).toBe("ABSENT");
});

test("finishing while an autosave runs waits for it and is not dropped", async () => {
  const { state, store } = server();
  let openGate = () => {};
  state.gate = new Promise((resolve) => (openGate = resolve));
  store.act(set("a", "ABSENT"));
  await vi.advanceTimersByTimeAsync(AUTOSAVE_AFTER_MS);
  expect(state.requests).toHaveLength(1);
  const finishing = store.finish();
  expect(store.view().isFinishing).toBe(true);
  openGate();
  await finishing;
  expect(state.requests.map(({ finalize }) => finalize)).toEqual([false, true]);
  expect(store.view()).toMatchObject({ isFinishing: false, finishedHere: true, notDone: null });
});

test("a correction made while the finish runs is not sent by itself", async () => {
  const { state, store } = server();
  let openGate = () => {};
  state.gate = new Promise((resolve) => (openGate = resolve));
  const finishing = store.finish();
  store.act(set("a", "ABSENT"));
  await vi.advanceTimersByTimeAsync(AUTOSAVE_AFTER_MS);
  openGate();
  await finishing;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.requests).toHaveLength(1);
  expect(store.view()).toMatchObject({ save: { phase: "waiting" }, grid: { isFinal: true } });
});

test("a finish or correction that fails says so until it is asked for again, also when no mark waits", async () => {
  const { state, store } = server();
  state.answer = { outcome: "unreachable" };
  await store.finish();
  expect(waitingStudents(store.view().grid)).toEqual([]);
  expect(store.view().notDone).toBe("finish");
  await vi.advanceTimersByTimeAsync(120_000);
  expect(state.requests).toHaveLength(1);
  state.answer = null;
  await store.finish();
  expect(store.view()).toMatchObject({ notDone: null, finishedHere: true });
  state.answer = { outcome: "unreachable" };
  store.act(set("a", "ABSENT"));
  await store.save();
  expect(store.view().notDone).toBe("correction");
  state.answer = null;
  await store.save();
  expect(store.view()).toMatchObject({ notDone: null, save: { phase: "saved" } });
});

test("a save that arrived without its answer is not taken for somebody else's", async () => {
  const { state, marks, store } = server();
  Object.assign(state, { losesAnswers: true, by: null });
  store.act(set("a", "ABSENT"));
  await vi.advanceTimersByTimeAsync(AUTOSAVE_AFTER_MS);
  expect(marks.get("a")?.status).toBe("ABSENT");
  state.losesAnswers = false;
  store.act(set("a", "LATE"));
  await store.save();
  expect(store.view().grid.conflicts).toEqual({});
  expect(marks.get("a")?.status).toBe("LATE");
});

test("a finish that arrived without its answer is shown as finished at the next look", async () => {
  const { state, store } = server();
  Object.assign(state, { losesAnswers: true, by: null });
  await store.finish();
  expect(store.view().notDone).toBe("finish");
  await store.poll();
  expect(store.view()).toMatchObject({ notDone: null, finishedHere: true, grid: { isFinal: true } });
  expect(countGrid(store.view().grid).PRESENT).toBe(4);
  expect(state.requests).toHaveLength(1);
});

test("retries go on saying that the marks wait, and nobody is told of a phase that stays", async () => {
  const { state, store } = server();
  state.answer = { outcome: "unreachable" };
  store.act(set("a", "ABSENT"));
  await vi.advanceTimersByTimeAsync(AUTOSAVE_AFTER_MS);
  const phases: string[] = [];
  store.subscribe(() => phases.push(store.view().save.phase));
  await vi.advanceTimersByTimeAsync(2_000 + 4_000);
  expect(state.requests).toHaveLength(3);
  expect(new Set(phases)).toEqual(new Set(["waiting"]));
  const calls = phases.length;
  store.act(set("a", "ABSENT"));
  expect(phases).toHaveLength(calls);
});

test("whoever keeps the marks hears of every request before it goes out", async () => {
  const { state, store } = server();
  const requestsWhenTold: number[] = [];
  store.onSend(() => requestsWhenTold.push(state.requests.length));
  store.act(set("a", "ABSENT"));
  await vi.advanceTimersByTimeAsync(AUTOSAVE_AFTER_MS);
  await store.finish();
  expect(requestsWhenTold).toEqual([0, 1]);
});

test("marks made while a save runs are sent after it", async () => {
  const { state, marks, store } = server();
  store.act(set("a", "ABSENT"));
  const saving = store.save();
  store.act(set("a", "LATE"));
  await saving;
  await vi.advanceTimersByTimeAsync(AUTOSAVE_AFTER_MS);
  expect(marks.get("a")?.status).toBe("LATE");
  expect(state.requests).toHaveLength(2);
});

test("what another teacher saves appears at the next look", async () => {
  const { elsewhere, store } = server();
  elsewhere("d", "EXCUSED");
  await store.poll();
  expect(store.view().grid.marks["d"]?.status).toBe("EXCUSED");
  expect(store.view().grid.changedBy["d"]).toBe("P. Malá");
  await vi.advanceTimersByTimeAsync(SHOW_BY_MS);
  expect(store.view().grid.changedBy).toEqual({});
});

/** A class that was finished here a moment ago; guardians are notified in a minute. */
async function finishedWithGrace() {
  const scene = server();
  const at = new Date(Date.now() + 60_000).toISOString();
  scene.state.alerts = { finishedAt: new Date().toISOString(), at };
  scene.store.act({ type: "mark", studentId: "a", status: "ABSENT" });
  await scene.store.finish();
  expect(scene.store.view()).toMatchObject({ finishedHere: true, alerts: { at }, grid: { isFinal: true } });
  return scene;
}

test("reopening goes back to a sheet that saves itself, with what was marked meanwhile", async () => {
  const { store, state, marks } = await finishedWithGrace();
  store.act({ type: "mark", studentId: "a", status: "PRESENT" });
  expect(await store.endGrace("reopen")).toBe("done");
  expect(store.view()).toMatchObject({ finishedHere: false, alerts: null, grid: { isFinal: false, version: 2 } });
  await vi.advanceTimersByTimeAsync(AUTOSAVE_AFTER_MS);
  expect(state.requests.at(-1)).toMatchObject({ finalize: false, expectedVersion: 2 });
  expect(marks.get("a")).toEqual(mark("PRESENT"));
});

test("a reopening without an answer is said and not repeated by itself; one that is too late ends the wait", async () => {
  const { store, state } = await finishedWithGrace();
  state.endAnswer = { outcome: "unreachable" };
  expect(await store.endGrace("reopen")).toBe("lost");
  expect(store.view()).toMatchObject({ notDone: "reopen", ending: null, alerts: { at: state.alerts?.at } });
  state.endAnswer = { outcome: "late" };
  expect(await store.endGrace("reopen")).toBe("late");
  expect(store.view()).toMatchObject({ notDone: null, alerts: null, grid: { isFinal: true } });
});

test("the wait ends by the clock, and a server that has not published yet does not bring it back", async () => {
  const { store, state } = await finishedWithGrace();
  await vi.advanceTimersByTimeAsync(60_000);
  store.graceOver();
  await store.poll();
  expect(state.alerts).not.toBeNull();
  expect(store.view()).toMatchObject({ alerts: null, finishedHere: true });
});

test("a colleague's reopening and notifying are taken over", async () => {
  const { store, state } = await finishedWithGrace();
  state.alerts = null;
  await store.poll();
  expect(store.view()).toMatchObject({ alerts: null, finishedHere: true, grid: { isFinal: true } });
  state.isFinal = false;
  state.version += 1;
  await store.poll();
  expect(store.view()).toMatchObject({ finishedHere: false, grid: { isFinal: false } });
});

test("a correction that meets a colleague's reopening is saved as on any open sheet", async () => {
  const { store, state, marks } = await finishedWithGrace();
  state.isFinal = false;
  state.version += 1;
  store.act({ type: "mark", studentId: "b", status: "LATE" });
  await store.save();
  await vi.advanceTimersByTimeAsync(AUTOSAVE_AFTER_MS);
  expect(marks.get("b")).toEqual(mark("LATE"));
  expect(state.requests.at(-1)).toMatchObject({ finalize: false });
});
