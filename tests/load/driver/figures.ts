import type { Phase } from "./client";

/** One line of the table that `npm run bench -- all` makes. */
export type Figure = {
  what: string;
  figure: string;
  /** What it is a multiple or a part of, and how much: `0.55 of no-op`. */
  ratio?: string;
};

/** Hands figures to `npm run bench -- all` when that is who runs this benchmark; else nobody listens. */
export function tell(figures: readonly Figure[]): void {
  process.send?.({ figures });
}

/** What a phase comes to beside the no-op route of the same run, which made `bare` requests a second. */
export function phaseFigure(what: string, { perSecond, p50Ms, p99Ms }: Phase, bare: number): Figure {
  return {
    what,
    figure: `${perSecond.toFixed(0)}/s, p50 ${p50Ms.toFixed(0)}, p99 ${p99Ms.toFixed(0)} ms`,
    ratio: `${(perSecond / bare).toFixed(2)} of no-op`,
  };
}
