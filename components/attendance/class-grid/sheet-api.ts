import type { MarkBulkResult, SheetDto } from "@/lib/attendance/schema";
import type { GridMark, ServerRow } from "./grid-state";

export type Sheet = { rows: ServerRow[]; version: number; isFinal: boolean; lock: SheetDto["lock"] };
export type SaveAnswer =
  | { outcome: "saved"; version: number; isFinal: boolean }
  | { outcome: "conflict" }
  | { outcome: "locked"; detail: string }
  | { outcome: "left"; studentIds: string[] }
  | { outcome: "signedOut" }
  /** Nobody knows whether it arrived; sending it again is harmless. */
  | { outcome: "unreachable"; retryAfterMs?: number };
export type SaveRequest = {
  records: { studentId: string; mark: GridMark }[];
  finalize: boolean;
  expectedVersion: number;
};

/** How the grid talks to the server. Tests give their own. */
export type SheetApi = {
  save(request: SaveRequest): Promise<SaveAnswer>;
  read(): Promise<Sheet | null>;
  version(): Promise<number | null>;
};

/** The rows of a sheet as the grid of this teacher holds them: `by` is somebody else, or null. */
export function sheetRows(sheet: Pick<SheetDto, "roster">, teacherId: string): ServerRow[] {
  return sheet.roster.map(({ student, status, minutesLate, note, markedBy }) => ({
    student,
    mark: { status, minutesLate, note },
    by: markedBy && markedBy.id !== teacherId ? markedBy.name : null,
  }));
}

/** The sheet of one class session over HTTP, with the cookie of this browser. */
export function sheetApi(classSessionId: string, teacherId: string): SheetApi {
  const address = `/api/attendance/${encodeURIComponent(classSessionId)}`;
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
        const { version, classSession } = (await response.json()) as MarkBulkResult;
        return { outcome: "saved", version, isFinal: classSession.state === "FINALIZED" };
      }
      return refusal(response);
    },
    async read() {
      const response = await send(address);
      if (!response?.ok) return null;
      const sheet = (await response.json()) as SheetDto;
      const isFinal = sheet.classSession.state === "FINALIZED";
      return { rows: sheetRows(sheet, teacherId), version: sheet.version, isFinal, lock: sheet.lock };
    },
    async version() {
      const response = await send(`${address}/version`);
      return response?.ok ? ((await response.json()) as { version: number }).version : null;
    },
  };
}

const timeoutMs = 15_000;

function recordBody({ studentId, mark }: SaveRequest["records"][number]) {
  const late = mark.status === "LATE" ? { minutesLate: mark.minutesLate } : {};
  return { studentId, status: mark.status, note: mark.note, ...late };
}

async function send(address: string, init: RequestInit = {}): Promise<Response | null> {
  try {
    return await fetch(address, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  } catch {
    return null;
  }
}

async function refusal(response: Response): Promise<SaveAnswer> {
  const problem = (await response.json().catch(() => ({}))) as {
    code?: string;
    detail?: string;
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
  return { outcome: "locked", detail: problem.detail ?? "" };
}
