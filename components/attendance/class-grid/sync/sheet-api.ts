import type { MarkBulkResult, MarkingLock, SheetDto, SheetVersionDto } from "@/lib/attendance/schema";
import type { GridMark, ServerRow } from "../state/grid-state";
import { ServerClock } from "./server-clock";

/** A finished sheet whose guardians are not notified yet: when it was finished (null: not known) and when they are. */
export type Alerts = { finishedAt: string | null; at: string };
export type Sheet = {
  rows: ServerRow[];
  version: number;
  isFinal: boolean;
  alerts: Alerts | null;
  lock: SheetDto["lock"];
};
/** Why a save is refused for good: the lock that the answer names, its code, or something that this page does not know. */
export type Locked = MarkingLock | "FINAL_MARK" | "class_session_not_found" | "other";
const LOCKED: readonly Locked[] = [
  "CANCELLED",
  "NOT_OPEN",
  "EDIT_WINDOW_OVER",
  "FINAL_MARK",
  "class_session_not_found",
];

export type SaveAnswer =
  | { outcome: "saved"; version: number; isFinal: boolean; alerts: Alerts | null }
  | { outcome: "conflict" }
  | { outcome: "locked"; why: Locked }
  | { outcome: "left"; studentIds: string[] }
  | { outcome: "signedOut" }
  /** Nobody knows whether it arrived; sending it again is harmless. */
  | { outcome: "unreachable"; retryAfterMs?: number };
export type SaveRequest = {
  records: { studentId: string; mark: GridMark }[];
  finalize: boolean;
  expectedVersion: number;
};

/** `late`: guardians are being notified already. */
export type EndGraceAnswer = { outcome: "done"; version: number } | { outcome: "late" | "unreachable" | "signedOut" };

/** How the grid talks to the server. Tests give their own. */
export type SheetApi = {
  save(request: SaveRequest): Promise<SaveAnswer>;
  read(): Promise<Sheet | null>;
  version(): Promise<{ version: number; alerts: Alerts | null } | null>;
  /** Ends the grace: the class is open again, or guardians are notified now. */
  endGrace(how: "reopen" | "notify"): Promise<EndGraceAnswer>;
  /** The server's time in milliseconds. */
  nowMs(): number;
};

/** What still waits of a sheet, from what the server says of it. */
export function alertsOf(sheet: { finalizedAt: string | null; alertsAt: string | null }): Alerts | null {
  return sheet.alertsAt === null ? null : { finishedAt: sheet.finalizedAt, at: sheet.alertsAt };
}

/** The rows of a sheet as the grid of this teacher holds them: `by` is somebody else, or null. */
export function sheetRows(sheet: Pick<SheetDto, "roster">, teacherId: string): ServerRow[] {
  return sheet.roster.map(({ student, status, minutesLate, note, markedBy, leftOn, joinedAt }) => ({
    student: { ...student, ...(leftOn ? { leftOn } : {}), ...(joinedAt ? { joinedLater: true } : {}) },
    mark: { status, minutesLate, note },
    by: markedBy && markedBy.id !== teacherId ? markedBy.name : null,
  }));
}

/** The sheet of one class session over HTTP, with the cookie of this browser. */
export function sheetApi(classSessionId: string, teacherId: string): SheetApi {
  const address = `/api/attendance/${encodeURIComponent(classSessionId)}`;
  const clock = new ServerClock();
  const send = (to: string, init?: RequestInit) => sendBy(clock, to, init);
  return {
    async save({ records, finalize, expectedVersion }) {
      const response = await send("/api/attendance/mark-bulk", {
        method: "POST",
        headers: { "content-type": "application/json" },
        keepalive: records.length < 200,
        body: JSON.stringify({ classSessionId, finalize, expectedVersion, records: records.map(recordBody) }),
      });
      if (!response) return { outcome: "unreachable" };
      if (response.ok) {
        const { version, classSession, alertsAt } = (await response.json()) as MarkBulkResult;
        const isFinal = classSession.state === "FINALIZED";
        const finalizedAt = alertsAt && instantLike(alertsAt, clock.nowMs());
        return { outcome: "saved", version, isFinal, alerts: alertsOf({ finalizedAt, alertsAt }) };
      }
      return refusal(response);
    },
    async read() {
      const response = await send(address);
      if (!response?.ok) return null;
      const sheet = (await response.json()) as SheetDto;
      const isFinal = sheet.classSession.state === "FINALIZED";
      const alerts = alertsOf({ finalizedAt: sheet.classSession.finalizedAt, alertsAt: sheet.alertsAt });
      return { rows: sheetRows(sheet, teacherId), version: sheet.version, isFinal, alerts, lock: sheet.lock };
    },
    async version() {
      const response = await send(`${address}/version`);
      if (!response?.ok) return null;
      const sheet = (await response.json()) as SheetVersionDto;
      return { version: sheet.version, alerts: alertsOf(sheet) };
    },
    async endGrace(how) {
      const response = await send(`${address}/${how}`, { method: "POST" });
      if (response?.ok) return { outcome: "done", version: ((await response.json()) as { version: number }).version };
      if (response?.status === 401) return { outcome: "signedOut" };
      return { outcome: response && response.status < 500 && response.status !== 429 ? "late" : "unreachable" };
    },
    nowMs: () => clock.nowMs(),
  };
}

/** An instant written with the offset of another. */
function instantLike(iso: string, ms: number): string {
  const local = Date.parse(`${iso.slice(0, 19)}Z`) - Date.parse(iso) + ms;
  return new Date(local).toISOString().slice(0, 19) + iso.slice(19);
}

const timeoutMs = 15_000;

function recordBody({ studentId, mark }: SaveRequest["records"][number]) {
  const late = mark.status === "LATE" ? { minutesLate: mark.minutesLate } : {};
  return { studentId, status: mark.status, note: mark.note, ...late };
}

async function sendBy(clock: ServerClock, address: string, init: RequestInit = {}): Promise<Response | null> {
  try {
    const sentAt = Date.now();
    const response = await fetch(address, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    clock.heard(response.headers.get("date"), sentAt, Date.now());
    return response;
  } catch {
    return null;
  }
}

async function refusal(response: Response): Promise<SaveAnswer> {
  const problem = (await response.json().catch(() => ({}))) as {
    code?: string;
    lock?: string;
    studentIds?: string[];
  };
  if (problem.code === "version_conflict") return { outcome: "conflict" };
  if (problem.code === "student_not_enrolled" && problem.studentIds?.length)
    return { outcome: "left", studentIds: problem.studentIds };
  if (response.status === 401) return { outcome: "signedOut" };
  if (response.status === 429 || response.status >= 500) {
    const seconds = Number(response.headers.get("retry-after"));
    return seconds > 0 ? { outcome: "unreachable", retryAfterMs: seconds * 1000 } : { outcome: "unreachable" };
  }
  return {
    outcome: "locked",
    why: LOCKED.find((known) => known === problem.lock || known === problem.code) ?? "other",
  };
}
