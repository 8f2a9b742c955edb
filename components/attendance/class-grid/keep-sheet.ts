import { draftOf, keepDraft, onForget, readDraft } from "./sheet-draft";
import type { SheetStore } from "./sheet-store";

/** A disk is not written for every key. What a closing page leaves is written by `flush`. */
export const KEEP_AFTER_MS = 200;

/**
 * Keeps the unsent marks of a sheet on this device until the server has them: takes up what an earlier visit left, then
 * follows every change. Nothing is written before the old draft was read, and nothing after somebody signed out.
 */
export function keepSheet(
  store: SheetStore,
  teacherId: string,
  classSessionId: string,
): { flush: () => void; stop: () => void } {
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = "{}";
  let unsubscribe = () => {};

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (isOver) return;
    const draft = draftOf(store.view().grid);
    const text = JSON.stringify(draft);
    if (text === written) return;
    written = text;
    void keepDraft(teacherId, classSessionId, draft);
  };
  const forget = onForget(() => {
    isOver = true;
  });
  void readDraft(teacherId, classSessionId).then((draft) => {
    if (isOver) return;
    if (draft) {
      written = JSON.stringify(draft);
      store.act({ type: "restore", draft });
    }
    unsubscribe = store.subscribe(() => {
      timer ??= setTimeout(flush, KEEP_AFTER_MS);
    });
    flush();
  });
  return {
    flush,
    stop: () => {
      flush();
      isOver = true;
      unsubscribe();
      forget();
    },
  };
}
