import { expect, test, vi } from "vitest";
import messages from "@/messages/en/attendance.json";
import { sayChange, sayMark, sayStep } from "../state/announcements";
import { type GridStatus, initialGrid } from "../state/grid-state";
import { summaryOf } from "../state/grid-summary";
import { GridUi } from "./grid-ui";
import type { SheetApi } from "../sync/sheet-api";
import { SheetStore } from "../sync/sheet-store";

const nothing: SheetApi = {
  save: async () => ({ outcome: "unreachable" }),
  read: async () => null,
  version: async () => null,
  endGrace: async () => ({ outcome: "unreachable" }),
  nowMs: () => Date.now(),
};
const wording = { strings: messages.grid, locale: "en" };
const set = (studentId: string, status: GridStatus | null) => ({ type: "mark", studentId, status }) as const;

function sheet(ids = ["a", "b", "c", "d"], api: SheetApi = nothing) {
  const rows = ids.map((id) => ({
    student: { id, name: `Name ${id}` },
    mark: { status: null, minutesLate: null, note: null },
    by: null,
  }));
  const store = new SheetStore(initialGrid(rows, 1, false), api);
  const ui = new GridUi(store);
  ui.follow();
  const heard = new Map(ids.map((id) => [id, vi.fn()]));
  for (const [id, listener] of heard) ui.subscribeRow(id, listener);
  const told = () => ids.filter((id) => (heard.get(id)?.mock.calls.length ?? 0) > 0);
  return { store, ui, told, shown: () => ui.list().students.map(({ id }) => id) };
}

test("a mark tells its own row and no other, and only rows that changed get a new view", () => {
  const { store, ui, told } = sheet();
  const before = ui.row("a");
  store.act(set("b", "ABSENT"));
  store.stop();
  expect(told()).toEqual(["b"]);
  expect(ui.row("a")).toBe(before);
  expect(ui.row("b")).toMatchObject({ mark: { status: "ABSENT" }, isWaiting: true });
});

test("details and a range draw the rows they are about", () => {
  const { ui, told } = sheet();
  ui.openDetails("b", "note");
  expect(told()).toEqual(["b"]);
  ui.setRange(["b", "c"]);
  expect([ui.row("a"), ui.row("b"), ui.row("c")].map(({ isChosen }) => isChosen)).toEqual([false, true, true]);
  expect(told()).toEqual(["b", "c"]);
});

test("the filter shows who has no mark, keeps a row that gets one, takes in one that loses it, and opens for a search", () => {
  const { store, ui, shown } = sheet();
  store.act(set("a", "PRESENT"));
  ui.filter(true);
  expect(shown()).toEqual(["b", "c", "d"]);
  store.act(set("b", "PRESENT"));
  expect(shown()).toEqual(["b", "c", "d"]);
  store.act(set("a", null));
  expect(shown()).toEqual(["a", "b", "c", "d"]);
  ui.filter(false);
  for (const id of ["a", "b", "c"]) store.act(set(id, "PRESENT"));
  ui.filter(true);
  expect(shown()).toEqual(["d"]);
  ui.reveal("d");
  expect(ui.list().onlyUnmarked).toBe(true);
  ui.reveal("a");
  expect(ui.list().onlyUnmarked).toBe(false);
  store.act(set("d", "PRESENT"));
  ui.filter(true);
  expect(shown()).toHaveLength(4);
  store.stop();
});

test("a grid is counted once", () => {
  const { store } = sheet();
  const { grid } = store.view();
  expect(summaryOf(grid)).toBe(summaryOf(grid));
});

test("what happens is said in whole sentences, undo as well", () => {
  const { store } = sheet();
  store.act(set("a", "ABSENT"));
  expect(sayMark(store.view().grid, "a", wording)).toBe("Name a: absent. 1 absent, 3 not marked.");
  const step = store.view().grid.undo.at(-1);
  store.act({ type: "undo" });
  store.stop();
  expect(step && sayStep(store.view().grid, step, "undo", wording)).toBe(
    "Undone. Name a: not marked. 0 absent, 4 not marked.",
  );
});

test("a save that fails and then gets through, a finish that fails and a colleague's mark are said once", async () => {
  const api = { ...nothing };
  const { store } = sheet(undefined, api);
  const said: string[] = [];
  let before = store.view();
  store.subscribe(() => {
    const sentence = sayChange(before, store.view(), wording);
    before = store.view();
    if (sentence !== null) said.push(sentence);
  });
  store.act(set("a", "ABSENT"));
  await store.flush();
  expect(said).toEqual(["On this device only – 1 mark waiting"]);
  api.save = async () => ({ outcome: "saved", version: 2, isFinal: false, alerts: null });
  await store.flush();
  expect(said).toEqual(["On this device only – 1 mark waiting", "Saved."]);
  api.save = nothing.save;
  await store.finish();
  store.stop();
  expect(said.at(-1)).toBe(messages.grid.notDone.finish);
  const row = {
    student: { id: "b", name: "Name b" },
    mark: { status: "LATE", minutesLate: null, note: null },
  } as const;
  store.act({ type: "server", rows: [{ ...row, by: "P. Malá" }], version: 3, isFinal: false });
  store.stop();
  expect(said.at(-1)).toBe("Name b: late, marked by P. Malá.");
});
