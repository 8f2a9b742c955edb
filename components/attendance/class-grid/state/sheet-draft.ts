import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { type GridMark, type GridState, markOf, sameMark } from "./grid-state";

export type Draft = Record<string, { base: GridMark; mark: GridMark }>;
/** Marks of one teacher for one class that no server has. Ids and marks only, no names. */
export type KeptSheet = { teacherId: string; classSessionId: string; keptAt: number; draft: Draft };

interface SheetsDb extends DBSchema {
  sheets: { key: [string, string]; value: KeptSheet };
}

const NAME = "campus-sheets";
/** Older ones are of classes whose marks nobody expects any more. */
const KEEP_MS = 30 * 86_400_000;
const CHANNEL = "campus-sheets";

/** What differs from the server, as it is kept. */
export function draftOf(grid: GridState): Draft {
  const draft: Draft = {};
  for (const { id } of grid.students) {
    const base = grid.saved[id];
    const mark = markOf(grid, id);
    if (base && !grid.left[id] && !sameMark(base, mark)) draft[id] = { base, mark };
  }
  return draft;
}

/** The marks of a class that this browser could not send, or null; also null in a browser that keeps nothing. */
export async function readDraft(teacherId: string, classSessionId: string): Promise<Draft | null> {
  const kept = await withSheets((db) => db.get("sheets", [teacherId, classSessionId]), undefined);
  return kept?.draft ?? null;
}

/** All classes of the teacher with marks on this device only. What is older than a month is forgotten. */
export async function keptSheets(teacherId: string): Promise<KeptSheet[]> {
  return withSheets(async (db) => {
    const all = await db.getAll("sheets");
    const old = all.filter(({ keptAt }) => Date.now() - keptAt > KEEP_MS);
    await Promise.all(old.map((sheet) => db.delete("sheets", [sheet.teacherId, sheet.classSessionId])));
    return all.filter((sheet) => sheet.teacherId === teacherId && !old.includes(sheet));
  }, []);
}

/** Keeps a draft, or takes it away when it is empty. In a browser that keeps nothing the marks are in memory only. */
export async function keepDraft(teacherId: string, classSessionId: string, draft: Draft): Promise<void> {
  await withSheets(async (db) => {
    if (Object.keys(draft).length === 0) await db.delete("sheets", [teacherId, classSessionId]);
    else await db.put("sheets", { teacherId, classSessionId, keptAt: Date.now(), draft });
  }, undefined);
}

/** Takes away what is kept of everybody, and stops the grids of other tabs from keeping more: somebody signed out. */
export async function forgetDrafts(): Promise<void> {
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(CHANNEL) : null;
  channel?.postMessage("forget");
  await withSheets((db) => db.clear("sheets"), undefined);
  channel?.close();
}

/** Calls back when somebody signs out in another tab. */
export function onForget(listener: () => void): () => void {
  if (!("BroadcastChannel" in globalThis)) return () => undefined;
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = listener;
  return () => channel.close();
}

let opening: Promise<IDBPDatabase<SheetsDb>> | undefined;

/** A private window or a full disk must not stop the marking: then the answer is `otherwise`. */
async function withSheets<T>(work: (db: IDBPDatabase<SheetsDb>) => Promise<T>, otherwise: T): Promise<T> {
  try {
    opening ??= openDB<SheetsDb>(NAME, 1, {
      upgrade: (db) => void db.createObjectStore("sheets", { keyPath: ["teacherId", "classSessionId"] }),
      terminated: () => (opening = undefined),
    });
    return await work(await opening);
  } catch {
    opening = undefined;
    return otherwise;
  }
}
