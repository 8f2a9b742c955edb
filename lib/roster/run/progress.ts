/** The parts of an import's work, in their order. Nothing of the school is written before the last. */
export type ImportPhase = "READ" | "COMPARE" | "WRITE";

/**
 * Hears how far an import is: `done` of `total` in this phase, in bytes (READ), steps (COMPARE) or records (WRITE). What it throws
 * ends the import, and nothing is changed.
 */
export type Moved = (phase: ImportPhase, done: number, total: number) => void;

/** Counts what is done of a phase; each call adds to it. */
export function stepsOf(moved: Moved | undefined, phase: ImportPhase, total: number): (added?: number) => void {
  let done = 0;
  moved?.(phase, done, total);
  return (added = 1) => {
    done += added;
    moved?.(phase, done, total);
  };
}
