import { describe, expect, test } from "vitest";
import {
  countGrid,
  type GridAction,
  type GridMark,
  type GridState,
  type GridStatus,
  initialGrid,
  markOf,
  othersToMark,
  reduceGrid,
  unmarkedStudents,
  waitingStudents,
} from "./grid-state";

const mark = (status: GridStatus | null, more: Partial<GridMark> = {}): GridMark => ({
  status,
  minutesLate: null,
  note: null,
  ...more,
});
const rowsOf = (marks: Record<string, GridMark>, by: string | null = null) =>
  Object.entries(marks).map(([id, own]) => ({ student: { id, name: id }, mark: own, by }));
const start = (marks: Record<string, GridMark>, isFinal = false) => initialGrid(rowsOf(marks), 1, isFinal);
const run = (state: GridState, ...actions: GridAction[]) => actions.reduce(reduceGrid, state);
const set = (studentId: string, status: GridStatus | null): GridAction => ({ type: "mark", studentId, status });
const empty = { a: mark(null), b: mark(null), c: mark(null) };

describe("marking", () => {
  test("nobody is present until marked; counts follow", () => {
    const state = run(start(empty), set("a", "ABSENT"), set("b", "LATE"));
    expect(countGrid(state)).toEqual({ PRESENT: 0, ABSENT: 1, LATE: 1, EXCUSED: 0, UNMARKED: 1 });
    expect(waitingStudents(state)).toEqual(["a", "b"]);
  });

  test("fill marks only those without a mark, as one step", () => {
    const state = run(start(empty), set("a", "ABSENT"), { type: "fillPresent" });
    expect(["a", "b", "c"].map((id) => markOf(state, id).status)).toEqual(["ABSENT", "PRESENT", "PRESENT"]);
    const back = reduceGrid(state, { type: "undo" });
    expect(unmarkedStudents(back)).toEqual(["b", "c"]);
  });

  test("minutes belong to LATE alone and survive pressing it again", () => {
    const late = run(start(empty), { type: "mark", studentId: "a", status: "LATE", minutesLate: 7 });
    expect(markOf(reduceGrid(late, set("a", "LATE")), "a").minutesLate).toBe(7);
    expect(markOf(reduceGrid(late, set("a", "PRESENT")), "a").minutesLate).toBeNull();
    expect(run(late, set("a", "PRESENT"), { type: "detail", studentId: "a", minutesLate: 3 }).marks["a"]).toEqual(
      mark("PRESENT"),
    );
  });

  test("rows that nobody touched keep the same objects, so they are not drawn again", () => {
    const before = start(empty);
    const after = reduceGrid(before, set("b", "ABSENT"));
    expect(after.marks["a"]).toBe(before.marks["a"]);
    expect(after.students).toBe(before.students);
    expect(reduceGrid(after, set("b", "ABSENT"))).toBe(after);
  });
});

describe("undo and redo", () => {
  test("go through every step and a new mark ends the redo", () => {
    const state = run(start(empty), set("a", "ABSENT"), set("a", "LATE"), set("b", "EXCUSED"));
    const back = run(state, { type: "undo" }, { type: "undo" });
    expect([markOf(back, "a").status, markOf(back, "b").status]).toEqual(["ABSENT", null]);
    expect(run(back, { type: "redo" }, { type: "redo" }).marks).toEqual(state.marks);
    expect(run(back, set("c", "PRESENT")).redo).toEqual([]);
    expect(run(back, { type: "undo" }, { type: "undo" }, { type: "undo" }).marks).toEqual(start(empty).marks);
  });

  test("leave alone what somebody else has changed since", () => {
    const mine = run(start(empty), set("a", "ABSENT"), {
      type: "saved",
      sent: { a: mark("ABSENT") },
      version: 2,
      isFinal: false,
    });
    const theirs = reduceGrid(mine, {
      type: "server",
      rows: rowsOf({ ...empty, a: mark("EXCUSED") }, "P. Malá"),
      version: 3,
      isFinal: false,
    });
    expect(markOf(theirs, "a").status).toBe("EXCUSED");
    expect(theirs.changedBy["a"]).toBe("P. Malá");
    expect(markOf(reduceGrid(theirs, { type: "undo" }), "a").status).toBe("EXCUSED");
  });

  test("take a range of students as one step, each to what it was before", () => {
    const state = run(start({ ...empty, b: mark("LATE", { minutesLate: 4 }) }), {
      type: "markMany",
      studentIds: ["a", "b"],
      status: "ABSENT",
    });
    expect(["a", "b", "c"].map((id) => markOf(state, id).status)).toEqual(["ABSENT", "ABSENT", null]);
    const back = reduceGrid(state, { type: "undo" });
    expect(back.marks).toEqual({ ...empty, b: mark("LATE", { minutesLate: 4 }) });
  });

  test("keep a hundred steps", () => {
    let state = start(empty);
    for (let n = 0; n < 150; n++) state = reduceGrid(state, set("a", n % 2 ? "ABSENT" : "LATE"));
    expect(state.undo).toHaveLength(100);
  });
});

describe("a final sheet", () => {
  const final = start({ a: mark("ABSENT"), b: mark(null) }, true);

  test("keeps its marks: they change but are never cleared, by key or by undo", () => {
    expect(reduceGrid(final, set("a", null))).toBe(final);
    const first = run(final, set("b", "PRESENT"), {
      type: "saved",
      sent: { b: mark("PRESENT") },
      version: 2,
      isFinal: true,
    });
    expect(markOf(reduceGrid(first, { type: "undo" }), "b").status).toBe("PRESENT");
    expect(markOf(run(final, set("b", "PRESENT"), set("b", null)), "b").status).toBeNull();
  });

  test("starts with an empty history: what guardians were told is corrected, not undone", () => {
    const state = run(start(empty), set("a", "ABSENT"), {
      type: "saved",
      sent: { a: mark("ABSENT"), b: mark("PRESENT"), c: mark("PRESENT") },
      version: 2,
      isFinal: true,
    });
    expect(state.undo).toEqual([]);
    expect(countGrid(state)).toMatchObject({ ABSENT: 1, PRESENT: 2 });
    expect(waitingStudents(state)).toEqual([]);
  });
});

describe("two teachers", () => {
  const server = (marks: Record<string, GridMark>): GridAction => ({
    type: "server",
    rows: rowsOf({ ...empty, ...marks }, "P. Malá"),
    version: 2,
    isFinal: false,
  });

  test("marks of different students are both kept", () => {
    const state = run(start(empty), set("a", "ABSENT"), server({ b: mark("LATE") }));
    expect([markOf(state, "a").status, markOf(state, "b").status]).toEqual(["ABSENT", "LATE"]);
    expect(waitingStudents(state)).toEqual(["a"]);
  });

  test("the same mark by both is no conflict", () => {
    const state = run(start(empty), set("a", "ABSENT"), server({ a: mark("ABSENT") }));
    expect(state.conflicts).toEqual({});
    expect(waitingStudents(state)).toEqual([]);
  });

  test("an answer that a newer one has overtaken changes nothing", () => {
    const newer = reduceGrid(start(empty), { ...server({ a: mark("LATE") }), version: 5 } as GridAction);
    expect(reduceGrid(newer, { ...server({ a: mark("ABSENT") }), version: 4 } as GridAction)).toBe(newer);
  });

  test("a mark of ours that arrived without an answer is nobody else's: what was marked since is sent, not asked", () => {
    const attempted = { a: [mark("ABSENT"), mark("EXCUSED")] };
    const rows = rowsOf({ ...empty, a: mark("ABSENT") });
    const found: GridAction = { type: "server", rows, version: 2, isFinal: false, attempted };
    const changed = run(start(empty), set("a", "ABSENT"), set("a", "LATE"), found);
    expect(changed.conflicts).toEqual({});
    expect(waitingStudents(changed)).toEqual(["a"]);
    const cleared = run(start(empty), set("a", "ABSENT"), set("a", null), found);
    expect(markOf(cleared, "a").status).toBeNull();
    expect(waitingStudents(cleared)).toEqual(["a"]);
  });

  test("who made a mark is shown until it is seen; the rest of the list stays the same objects", () => {
    const before = start(empty);
    const state = reduceGrid(before, server({ b: mark("LATE") }));
    expect(state.changedBy).toEqual({ b: "P. Malá" });
    expect(state.students).toBe(before.students);
    expect(reduceGrid(state, { type: "seen", studentIds: ["b"] }).changedBy).toEqual({});
  });

  test("different marks of one student wait for a decision, and either can be kept", () => {
    const state = run(start(empty), set("a", "ABSENT"), server({ a: mark("LATE") }));
    expect(state.conflicts["a"]).toEqual({ theirs: mark("LATE"), by: "P. Malá" });
    expect(waitingStudents(state)).toEqual([]);
    expect(waitingStudents(reduceGrid(state, { type: "resolve", studentId: "a", keep: "mine" }))).toEqual(["a"]);
    const theirs = reduceGrid(state, { type: "resolve", studentId: "a", keep: "theirs" });
    expect(markOf(theirs, "a")).toEqual(mark("LATE"));
    expect(waitingStudents(theirs)).toEqual([]);
  });
});

test("marks kept from an earlier load come back, as a conflict where the server has moved on", () => {
  const draft = {
    a: { base: mark(null), mark: mark("ABSENT") },
    b: { base: mark(null), mark: mark("LATE") },
    gone: { base: mark(null), mark: mark("LATE") },
  };
  const state = reduceGrid(start({ ...empty, b: mark("EXCUSED") }), { type: "restore", draft });
  expect(waitingStudents(state)).toEqual(["a"]);
  expect(state.conflicts["b"]).toEqual({ theirs: mark("EXCUSED"), by: null });
});

test("marks that were made before the kept ones were read are newer than these", () => {
  const draft = { a: { base: mark(null), mark: mark("ABSENT") } };
  expect(markOf(run(start(empty), set("a", "LATE"), { type: "restore", draft }), "a").status).toBe("LATE");
});

test("a student who left is not sent again and not counted", () => {
  const state = run(start(empty), set("a", "ABSENT"), { type: "left", studentIds: ["a"] });
  expect(waitingStudents(state)).toEqual([]);
  expect(countGrid(state)).toMatchObject({ ABSENT: 0, UNMARKED: 2 });
});

test("who joined after the finish is not one of the others, and is marked by name", () => {
  const joined = (state: GridState): GridAction => ({
    type: "server",
    rows: [
      ...rowsOf({ a: mark("PRESENT"), b: mark(null) }),
      { student: { id: "later", name: "later", joinedLater: true }, mark: mark(null), by: null },
    ],
    version: state.version + 1,
    isFinal: true,
  });
  const before = start({ a: mark("PRESENT"), b: mark(null) }, true);
  const state = run(before, joined(before));
  expect(countGrid(state)).toMatchObject({ PRESENT: 1, UNMARKED: 2 });
  expect(othersToMark(state)).toEqual(["b"]);
  const filled = run(state, { type: "fillPresent" });
  expect(["a", "b", "later"].map((id) => markOf(filled, id).status)).toEqual(["PRESENT", "PRESENT", null]);
  expect(markOf(run(filled, set("later", "LATE")), "later").status).toBe("LATE");
});

test("a student who leaves while the page is open is drawn anew, the others are not", () => {
  const before = start(empty);
  const left = { type: "server" as const, rows: rowsOf(empty), version: 2, isFinal: false };
  const state = run(before, {
    ...left,
    rows: left.rows.map((row) =>
      row.student.id === "b" ? { ...row, student: { ...row.student, leftOn: "2026-11-24" } } : row,
    ),
  });
  expect(state.students.map((student, n) => student === before.students[n])).toEqual([true, false, true]);
});
