// What a teacher's day needs without a network, kept on this device: names and marks, so it is kept for one person, the
// one who is signed in, and goes when that person does. Cache Storage is not used: it knows no persons. The page that
// reads it is public/offline-day.js; names and shapes are agreed with it.
import type { GridMark } from "@/components/attendance/class-grid/state/grid-state";

/** Whose it is, as an id. Without it nothing kept is shown, and for somebody else nothing is kept. */
const KEPT_FOR = "campus:kept-for";
const DATABASE = "campus-day";
const STORE = "kept";

/** The classes of a day, in words. */
export type KeptDay = { date: string; classes: { id: string; time: string; title: string; detail: string }[] };
/** A class list as the server last had it. Times are milliseconds since 1970. */
export type KeptClass = {
  title: string;
  detail: string;
  startsAt: number;
  endsAt: number;
  /** From here on it can be marked; null: not any more, or not by this page. */
  opensAt: number | null;
  students: { id: string; name: string; mark: GridMark }[];
};

/** Makes this device that person's: what was kept for somebody else goes. */
export function keepFor(personId: string): void {
  try {
    if (localStorage.getItem(KEPT_FOR) === personId) return;
    forgetKept();
    localStorage.setItem(KEPT_FOR, personId);
  } catch {
    // A browser that keeps nothing keeps nothing of others either.
  }
}

/** Nobody is signed in any more: nothing is shown from now on, and what was kept is deleted. */
export function forgetKept(): void {
  try {
    localStorage.removeItem(KEPT_FOR);
    indexedDB.deleteDatabase(DATABASE);
  } catch {
    // As above.
  }
}

/** Keeps the day (`day`) or a class list (`class:<id>`); does nothing when the device is somebody else's by now. */
export async function keep(personId: string, key: "day" | `class:${string}`, value: KeptDay | KeptClass) {
  await withStore(personId, "readwrite", (store) => store.put({ ...value, personId, keptAt: Date.now() }, key));
}

/** When something was kept, in milliseconds since 1970; 0: it was not. */
export async function keptAt(personId: string, key: `class:${string}`): Promise<number> {
  const kept = await withStore<unknown>(personId, "readonly", (store) => store.get(key));
  return typeof kept === "object" && kept !== null && "keptAt" in kept ? Number(kept.keptAt) : 0;
}

async function withStore<T>(
  personId: string,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(DATABASE, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(new Error("this browser keeps nothing"));
    });
    try {
      if (localStorage.getItem(KEPT_FOR) !== personId) return undefined;
      return await new Promise<T>((resolve, reject) => {
        const request = work(db.transaction(STORE, mode).objectStore(STORE));
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error("not kept"));
      });
    } finally {
      db.close(); // else somebody else's sign-in could not delete it
    }
  } catch {
    return undefined;
  }
}
