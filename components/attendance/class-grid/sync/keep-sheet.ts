import { summaryOf } from "../state/grid-summary";
import { draftOf, keepDraft, onForget, readDraft } from "../state/sheet-draft";
import type { SheetStore } from "./sheet-store";

/**
 * A disk is not written for every key: a moment after the last of several, but at least every second. Before a request it is
 * written at once. Else a page that is closed after the answer leaves an older mark behind, which would look like somebody
 * else's change when the page is opened again.
 */
const KEEP_AFTER_MS = 250;
const KEEP_WITHIN_MS = 1_000;

/**
 * Keeps the unsent marks of a sheet on this device until the server has them: takes up what an earlier visit left, then
 * follows every change. Nothing is written before the old draft was read, and nothing after somebody signed out.
 */
export function keepSheet(
  store: SheetStore,
  teacherId: string,
  classSessionId: string,
): { flush: () => void; stop: () => void } {
  let isRead = false;
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = Infinity;
  let written = "{}";
  const undo: (() => void)[] = [];

  const flush = () => {
    clearTimeout(timer);
    dueAt = Infinity;
    if (!isRead || isOver) return;
    const draft = draftOf(store.view().grid);
    const text = JSON.stringify(draft);
    if (text === written) return;
    written = text;
    void keepDraft(teacherId, classSessionId, draft);
  };
  undo.push(
    onForget(() => {
      isOver = true;
    }),
  );
  void readDraft(teacherId, classSessionId).then((draft) => {
    if (isOver) return;
    isRead = true;
    if (draft) {
      written = JSON.stringify(draft);
      store.act({ type: "restore", draft });
    }
    undo.push(store.onSend(flush));
    const unsubscribe = store.subscribe(() => {
      if (summaryOf(store.view().grid).waiting === 0) return flush();
      const now = Date.now();
      dueAt = Math.min(dueAt, now + KEEP_WITHIN_MS);
      clearTimeout(timer);
      timer = setTimeout(flush, Math.min(KEEP_AFTER_MS, dueAt - now));
    });
    undo.push(unsubscribe);
    flush();
  });
  return {
    flush,
    stop: () => {
      flush();
      isOver = true;
      for (const step of undo) step();
    },
  };
}
