// The few places where the grid looks at the page itself: ids and attributes that rows and handlers agree on.

/** Id of the one focusable cell of a student's row. */
export function cellId(studentId: string): string {
  return `student-${studentId}`;
}

export function cellOf(studentId: string): HTMLElement | null {
  return document.getElementById(cellId(studentId));
}

/** The four mark buttons of a row, in their order. */
export function buttonsOf(studentId: string): HTMLElement[] {
  const row = cellOf(studentId)?.closest("[role=row]");
  return [...(row?.querySelectorAll<HTMLElement>("[data-mark]") ?? [])];
}

/** The student whose row an element is in. */
export function studentAt(element: Element): string | undefined {
  return element.closest<HTMLElement>("[data-student]")?.dataset["student"];
}

export const HELP_ID = "grid-keys";

/** Opens the list of keys at its button, and goes there: what opened by a key must be read by keys. */
export function openHelp(): void {
  document.querySelector<HTMLElement>(`[popovertarget="${HELP_ID}"]`)?.click();
  document.querySelector<HTMLElement>(`#${HELP_ID} [tabindex]`)?.focus();
}
