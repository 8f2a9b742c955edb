"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { Announcer } from "../control/announcer";
import { sayChange, type Wording } from "../state/announcements";
import { GridControls } from "../control/grid-controls";
import { initialGrid, type ServerRow } from "../state/grid-state";
import { GridUi } from "../control/grid-ui";
import { type Alerts, sheetApi } from "./sheet-api";
import { POLL_EVERY_MS, SheetStore, type SheetView } from "./sheet-store";
import { keepSheet } from "./keep-sheet";

export type SheetStart = {
  classSessionId: string;
  /** Whose marks these are: a draft of one person is never shown to the next at the same browser. */
  teacherId: string;
  rows: readonly ServerRow[];
  version: number;
  isFinal: boolean;
  /** What waits until guardians are notified. */
  alerts: Alerts | null;
  readOnly: boolean;
  startsAt: string;
  endsAt: string;
};
export type Sheet = { store: SheetStore; ui: GridUi; announcer: Announcer; controls: GridControls };

/**
 * The sheet of this page: its state, what can be done with it, and the clockwork around it – unsent marks are kept on this
 * device and taken up again, sent at once when the page is hidden or the network comes back, and the server is asked every
 * few seconds whether somebody else has saved. Nothing here draws: the parts of the page listen to what they show.
 */
export function useSheet(start: SheetStart, wording: Wording): Sheet {
  const [sheet] = useState((): Sheet => {
    const { rows, version, isFinal, alerts, classSessionId, teacherId, readOnly, startsAt, endsAt } = start;
    const store = new SheetStore(initialGrid(rows, version, isFinal), sheetApi(classSessionId, teacherId), alerts);
    const ui = new GridUi(store);
    const announcer = new Announcer();
    const controls = new GridControls({ store, ui, announcer, wording, readOnly, startsAt, endsAt });
    return { store, ui, announcer, controls };
  });
  const { store, ui, announcer } = sheet;
  const { classSessionId, teacherId, readOnly } = start;

  useEffect(() => ui.follow(), [ui]);

  useEffect(() => {
    let before = store.view();
    return store.subscribe(() => {
      const after = store.view();
      const sentence = sayChange(before, after, wording);
      before = after;
      if (sentence !== null) announcer.say(() => sentence);
    });
  }, [store, announcer, wording]);

  useEffect(() => {
    if (readOnly) return;
    const kept = keepSheet(store, teacherId, classSessionId);
    const poll = () => {
      if (document.visibilityState === "visible") void store.poll();
    };
    const onVisibility = () => {
      if (document.visibilityState === "visible") return poll();
      kept.flush();
      void store.flush();
    };
    const retry = () => void store.flush();
    // What the page was made with may be old: a page that comes back out of the history has the marks of its first visit.
    poll();
    const timer = setInterval(poll, POLL_EVERY_MS);
    document.addEventListener("visibilitychange", onVisibility);
    window.addEventListener("pagehide", kept.flush);
    window.addEventListener("online", retry);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", onVisibility);
      window.removeEventListener("pagehide", kept.flush);
      window.removeEventListener("online", retry);
      store.stop();
      kept.stop();
      void store.flush();
    };
  }, [store, classSessionId, teacherId, readOnly]);

  return sheet;
}

/** A part of the sheet; whoever shows it is drawn again when that part has changed. `select` answers with what is kept. */
export function useSheetValue<T>(store: SheetStore, select: (view: SheetView) => T): T {
  const read = () => select(store.view());
  return useSyncExternalStore(store.subscribe, read, read);
}
