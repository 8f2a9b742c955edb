// State of the class grid as plain data and one pure function, so that every rule of it can be tested without a browser.

export const STATUSES = ["PRESENT", "ABSENT", "LATE", "EXCUSED"] as const;
export type GridStatus = (typeof STATUSES)[number];
export type GridMark = { status: GridStatus | null; minutesLate: number | null; note: string | null };
export type GridStudent = {
  id: string;
  name: string;
  /** The list is sorted by the family name, and shows it first. */
  givenName?: string;
  familyName?: string;
  /** Last local date in the class of a student who has left it since. */
  leftOn?: string | null;
  /** Joined while the class ran, but after its sheet was finished. */
  joinedLater?: boolean;
};
type Entry = { id: string; before: GridMark; after: GridMark };
export type StepWhat =
  | { type: "mark"; studentId: string; status: GridStatus | null }
  | { type: "many"; count: number; status: GridStatus | null }
  | { type: "fill"; count: number }
  | { type: "detail"; studentId: string };
export type Step = { what: StepWhat; entries: Entry[] };
export type Conflict = { theirs: GridMark; by: string | null };
export type ServerRow = { student: GridStudent; mark: GridMark; by: string | null };

export type GridState = {
  students: readonly GridStudent[];
  /** What the teacher sees, by student. */
  marks: Readonly<Record<string, GridMark>>;
  /** What the server is known to hold. A student whose two marks differ waits to be saved. */
  saved: Readonly<Record<string, GridMark>>;
  /** Changed here and elsewhere since: waits for the teacher's decision and is not sent. */
  conflicts: Readonly<Record<string, Conflict>>;
  /** Who else made a mark that came in while the page was open; for a moment, or until the teacher marks that student. */
  changedBy: Readonly<Record<string, string>>;
  /** Students whom the server refused: they left the section. Not sent again. */
  left: Readonly<Record<string, true>>;
  version: number;
  isFinal: boolean;
  undo: readonly Step[];
  redo: readonly Step[];
};

export type GridAction =
  | { type: "mark"; studentId: string; status: GridStatus | null; minutesLate?: number | null }
  | { type: "markMany"; studentIds: readonly string[]; status: GridStatus | null; minutesLate?: number | null }
  | { type: "detail"; studentId: string; minutesLate?: number | null; note?: string | null }
  | { type: "fillPresent" }
  | { type: "undo" }
  | { type: "redo" }
  | { type: "saved"; sent: Readonly<Record<string, GridMark>>; version: number; isFinal: boolean }
  | {
      type: "server";
      rows: readonly ServerRow[];
      version: number;
      isFinal: boolean;
      /** Marks of ours that went out and were not answered: found at the server, nobody else made them. */
      attempted?: Readonly<Record<string, readonly GridMark[]>>;
    }
  /** The class is open again: nothing on it is final. */
  | { type: "reopened"; version: number }
  | { type: "seen"; studentIds: readonly string[] }
  | { type: "resolve"; studentId: string; keep: "mine" | "theirs" }
  | { type: "left"; studentIds: readonly string[] }
  | { type: "restore"; draft: Readonly<Record<string, { base: GridMark; mark: GridMark }>> };

const MAX_STEPS = 100;
const unmarked: GridMark = { status: null, minutesLate: null, note: null };

/** State of a sheet as the server gave it. */
export function initialGrid(rows: readonly ServerRow[], version: number, isFinal: boolean): GridState {
  const marks = Object.fromEntries(rows.map(({ student, mark }) => [student.id, mark]));
  return {
    students: rows.map(({ student }) => student),
    marks,
    saved: marks,
    conflicts: {},
    changedBy: {},
    left: {},
    version,
    isFinal,
    undo: [],
    redo: [],
  };
}

/** The mark a student has on the screen. */
export function markOf(state: GridState, studentId: string): GridMark {
  return state.marks[studentId] ?? unmarked;
}

/** True when two marks are the same in everything. */
export function sameMark(a: GridMark, b: GridMark): boolean {
  return a.status === b.status && a.minutesLate === b.minutesLate && a.note === b.note;
}

/** Students whose marks are to be sent, in the order of the list. */
export function waitingStudents(state: GridState): string[] {
  return state.students
    .filter(({ id }) => !state.left[id] && !state.conflicts[id] && !sameMark(markOf(state, id), savedOf(state, id)))
    .map(({ id }) => id);
}

/** Students without a mark, in the order of the list. */
export function unmarkedStudents(state: GridState): string[] {
  return state.students.filter(({ id }) => !state.left[id] && markOf(state, id).status === null).map(({ id }) => id);
}

/** Students whom "mark the others present" means: not who joined after the finish, of whom nobody has said that they came. */
export function othersToMark(state: GridState): string[] {
  const joinedLater = new Set(state.students.filter((student) => student.joinedLater).map(({ id }) => id));
  return unmarkedStudents(state).filter((id) => !joinedLater.has(id));
}

/** How many students have which mark. */
export function countGrid(state: GridState): Record<GridStatus | "UNMARKED", number> {
  const counts = { PRESENT: 0, ABSENT: 0, LATE: 0, EXCUSED: 0, UNMARKED: 0 };
  for (const { id } of state.students) if (!state.left[id]) counts[markOf(state, id).status ?? "UNMARKED"] += 1;
  return counts;
}

/** The next state. What may not be (clearing a final mark, undoing what somebody else has changed since) does nothing. */
export function reduceGrid(state: GridState, action: GridAction): GridState {
  switch (action.type) {
    case "mark": {
      const { studentId, status } = action;
      return applyStep(state, {
        what: { type: "mark", studentId, status },
        entries: [markEntry(state, studentId, action)],
      });
    }
    case "markMany": {
      const entries = action.studentIds.map((id) => markEntry(state, id, action));
      return applyStep(state, { what: { type: "many", count: entries.length, status: action.status }, entries });
    }
    case "detail": {
      const before = markOf(state, action.studentId);
      const minutesLate = action.minutesLate === undefined ? before.minutesLate : action.minutesLate;
      const note = action.note === undefined ? before.note : action.note?.trim() || null;
      const after = { ...before, note, minutesLate: before.status === "LATE" ? minutesLate : null };
      const what: StepWhat = { type: "detail", studentId: action.studentId };
      return applyStep(state, { what, entries: [{ id: action.studentId, before, after }] });
    }
    case "fillPresent": {
      const entries = othersToMark(state).map((id): Entry => {
        const before = markOf(state, id);
        return { id, before, after: { ...before, status: "PRESENT" } };
      });
      return applyStep(state, { what: { type: "fill", count: entries.length }, entries });
    }
    case "undo":
      return stepBack(state);
    case "redo":
      return stepForward(state);
    case "saved":
      return afterSave(state, action);
    case "server":
      return mergeServer(state, action);
    case "reopened":
      return { ...state, isFinal: false, version: Math.max(state.version, action.version), undo: [], redo: [] };
    case "seen": {
      const changedBy = { ...state.changedBy };
      for (const id of action.studentIds) delete changedBy[id];
      return { ...state, changedBy };
    }
    case "resolve":
      return resolve(state, action.studentId, action.keep);
    case "left":
      return { ...state, left: { ...state.left, ...Object.fromEntries(action.studentIds.map((id) => [id, true])) } };
    case "restore":
      return restore(state, action.draft);
  }
}

function markEntry(
  state: GridState,
  id: string,
  { status, minutesLate }: { status: GridStatus | null; minutesLate?: number | null },
): Entry {
  const before = markOf(state, id);
  return {
    id,
    before,
    after: { ...before, status, minutesLate: status === "LATE" ? (before.minutesLate ?? minutesLate ?? null) : null },
  };
}

function savedOf(state: GridState, id: string): GridMark {
  return state.saved[id] ?? unmarked;
}

/** A mark that is final at the server cannot become none. */
function mayBecome(state: GridState, id: string, mark: GridMark): boolean {
  return mark.status !== null || !state.isFinal || savedOf(state, id).status === null;
}

function applyStep(state: GridState, step: Step): GridState {
  const entries = step.entries.filter(
    ({ id, before, after }) => !sameMark(before, after) && !state.left[id] && mayBecome(state, id, after),
  );
  if (entries.length === 0) return state;
  const marks = { ...state.marks };
  const changedBy = { ...state.changedBy };
  for (const { id, after } of entries) {
    marks[id] = after;
    delete changedBy[id];
  }
  return { ...state, marks, changedBy, undo: [...state.undo, { ...step, entries }].slice(-MAX_STEPS), redo: [] };
}

function stepBack(state: GridState): GridState {
  const step = state.undo.at(-1);
  if (!step) return state;
  const marks = { ...state.marks };
  for (const { id, before, after } of step.entries)
    if (sameMark(markOf(state, id), after) && mayBecome(state, id, before)) marks[id] = before;
  return { ...state, marks, undo: state.undo.slice(0, -1), redo: [...state.redo, step] };
}

function stepForward(state: GridState): GridState {
  const step = state.redo.at(-1);
  if (!step) return state;
  const marks = { ...state.marks };
  for (const { id, before, after } of step.entries)
    if (sameMark(markOf(state, id), before) && mayBecome(state, id, after)) marks[id] = after;
  return { ...state, marks, undo: [...state.undo, step], redo: state.redo.slice(0, -1) };
}

/** Finishing starts a new history: what guardians were told is corrected, not undone. */
function afterSave(state: GridState, { sent, version, isFinal }: Extract<GridAction, { type: "saved" }>): GridState {
  const becameFinal = isFinal && !state.isFinal;
  const marks = { ...state.marks };
  for (const [id, mark] of Object.entries(sent)) if (markOf(state, id).status === null && becameFinal) marks[id] = mark;
  return {
    ...state,
    marks,
    saved: { ...state.saved, ...sent },
    version,
    isFinal,
    ...(becameFinal ? { undo: [], redo: [] } : {}),
  };
}

/**
 * What the server holds, laid under what the teacher sees. An older version than the known one is an answer that was
 * overtaken, and changes nothing.
 */
function mergeServer(state: GridState, sheet: Extract<GridAction, { type: "server" }>): GridState {
  const { rows, version, isFinal, attempted = {} } = sheet;
  if (version < state.version) return state;
  const marks = { ...state.marks };
  const saved = { ...state.saved };
  const conflicts = { ...state.conflicts };
  const changedBy = { ...state.changedBy };
  for (const { student, mark: theirs, by } of rows) {
    const { id } = student;
    const base = savedOf(state, id);
    const mine = markOf(state, id);
    const isOurs = attempted[id]?.some((sent) => sameMark(sent, theirs)) === true;
    saved[id] = theirs;
    if (sameMark(theirs, base) && id in state.saved) continue;
    if (isOurs && mayBecome({ ...state, saved, isFinal }, id, mine)) continue;
    if (sameMark(mine, base)) {
      marks[id] = theirs;
      if (by !== null) changedBy[id] = by;
    } else if (sameMark(mine, theirs)) delete conflicts[id];
    else conflicts[id] = { theirs, by };
  }
  return {
    ...state,
    students: mergeStudents(state.students, rows),
    marks,
    saved,
    conflicts,
    changedBy,
    version,
    isFinal,
    ...(isFinal && !state.isFinal ? { undo: [], redo: [] } : {}),
  };
}

/** The list of the server, then those it has no more. What is the same stays the same object: it is not drawn again. */
function mergeStudents(before: readonly GridStudent[], rows: readonly ServerRow[]): readonly GridStudent[] {
  const known = new Map(before.map((student) => [student.id, student]));
  const listed = rows.map(({ student }) => {
    const old = known.get(student.id);
    return old && sameStudent(old, student) ? old : student;
  });
  const ids = new Set(rows.map(({ student }) => student.id));
  const all = [...listed, ...before.filter(({ id }) => !ids.has(id))];
  return all.length === before.length && all.every((student, n) => student === before[n]) ? before : all;
}

function sameStudent(a: GridStudent, b: GridStudent): boolean {
  return a.name === b.name && a.leftOn === b.leftOn && a.joinedLater === b.joinedLater;
}

function resolve(state: GridState, studentId: string, keep: "mine" | "theirs"): GridState {
  const { [studentId]: conflict, ...conflicts } = state.conflicts;
  if (!conflict) return state;
  const mark = keep === "theirs" ? conflict.theirs : markOf(state, studentId);
  const kept = mayBecome(state, studentId, mark) ? mark : conflict.theirs;
  return { ...state, conflicts, marks: { ...state.marks, [studentId]: kept } };
}

/**
 * Marks that an earlier visit of this browser could not send. What the server has changed since becomes a conflict; what
 * the teacher has already marked anew stays.
 */
function restore(state: GridState, draft: Extract<GridAction, { type: "restore" }>["draft"]): GridState {
  const marks = { ...state.marks };
  const conflicts = { ...state.conflicts };
  for (const { id } of state.students) {
    const kept = draft[id];
    if (!sameMark(markOf(state, id), savedOf(state, id))) continue;
    if (!kept || sameMark(kept.mark, savedOf(state, id)) || !mayBecome(state, id, kept.mark)) continue;
    marks[id] = kept.mark;
    if (!sameMark(kept.base, savedOf(state, id))) conflicts[id] = { theirs: savedOf(state, id), by: null };
  }
  return { ...state, marks, conflicts };
}
