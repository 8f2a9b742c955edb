"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { initialGrid, type ServerRow, waitingStudents } from "./grid-state";
import { sheetApi } from "./sheet-api";
import { readDraft, writeDraft } from "./sheet-draft";
import { POLL_EVERY_MS, SheetStore, type SheetView } from "./sheet-store";

export type SheetStart = {
  classSessionId: string;
  /** Whose marks these are: a draft of one person is never shown to the next at the same browser. */
  teacherId: string;
  rows: readonly ServerRow[];
  version: number;
  isFinal: boolean;
  readOnly: boolean;
};

/**
 * The sheet of this page: its state, what can be done with it, and the clockwork around it – unsent marks are kept in this
 * tab and taken up again, sent at once when the tab is hidden or the network comes back, and the server is asked every
 * few seconds whether somebody else has saved.
 */
export function useSheet(start: SheetStart): { view: SheetView; store: SheetStore } {
  const [store] = useState(
    () => new SheetStore(initialGrid(start.rows, start.version, start.isFinal), sheetApi(start.classSessionId)),
  );
  const view = useSyncExternalStore(store.subscribe, store.view, store.view);
  const { classSessionId, teacherId, readOnly } = start;

  useEffect(() => {
    if (readOnly) return;
    const draft = readDraft(teacherId, classSessionId);
    if (draft) store.act({ type: "restore", draft });
    const unsubscribe = store.subscribe(() => writeDraft(teacherId, classSessionId, store.view().grid));
    const flush = () => {
      if (document.visibilityState === "hidden" && hasUnsent(store)) void store.save();
    };
    const retry = () => {
      if (hasUnsent(store)) void store.save();
    };
    const poll = setInterval(() => {
      if (document.visibilityState === "visible") void store.poll();
    }, POLL_EVERY_MS);
    document.addEventListener("visibilitychange", flush);
    window.addEventListener("online", retry);
    return () => {
      unsubscribe();
      clearInterval(poll);
      store.stop();
      if (hasUnsent(store)) void store.save();
      document.removeEventListener("visibilitychange", flush);
      window.removeEventListener("online", retry);
    };
  }, [store, classSessionId, teacherId, readOnly]);

  return { view, store };
}

/** Marks of an open sheet wait. Those of a final one are sent by the teacher alone. */
function hasUnsent(store: SheetStore): boolean {
  const { grid } = store.view();
  return !grid.isFinal && waitingStudents(grid).length > 0;
}
