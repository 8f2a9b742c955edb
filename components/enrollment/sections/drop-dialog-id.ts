/** Id of the dialog that asks before a section is dropped. */
export function dropDialogId(sectionId: string): string {
  return `drop-${sectionId}`;
}
