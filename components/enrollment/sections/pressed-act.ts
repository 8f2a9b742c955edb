/**
 * The section whose act (enroll, drop) was pressed last on this page. Rows change for many reasons at once, and only the
 * one that was pressed may take the focus that its button lost.
 */
let pressed: string | null = null;

/** Remembers the press until its row has changed. */
export function rememberPressed(sectionId: string): void {
  pressed = sectionId;
}

/** Whether this section's act was pressed; true once for each press. */
export function takePressed(sectionId: string): boolean {
  if (pressed !== sectionId) return false;
  pressed = null;
  return true;
}

/** Whether the focus fell back to the page, because what had it is gone. Else the reader has gone elsewhere meanwhile. */
export function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
