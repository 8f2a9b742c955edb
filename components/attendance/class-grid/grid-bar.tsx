"use client";

import { Check, CircleDashed, Clock, CloudAlert, CloudCheck, FileCheck, Save, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { GridState, GridStatus } from "./grid-state";
import { fill, fillPlural, type GridStrings } from "./grid-strings";
import type { SaveState } from "./sheet-store";

const icons = { PRESENT: Check, ABSENT: X, LATE: Clock, EXCUSED: FileCheck, UNMARKED: CircleDashed } as const;
const order = ["PRESENT", "ABSENT", "LATE", "EXCUSED", "UNMARKED"] as const;
const hues: Record<GridStatus | "UNMARKED", string> = {
  PRESENT: "text-present-fg",
  ABSENT: "text-absent-fg",
  LATE: "text-late-fg",
  EXCUSED: "text-excused-fg",
  UNMARKED: "text-muted",
};

export type GridBarProps = {
  grid: GridState;
  counts: Record<GridStatus | "UNMARKED", number>;
  waiting: number;
  save: SaveState;
  isFinishing: boolean;
  strings: GridStrings;
  locale: string;
  timeZone: string;
  onPrimary: () => void;
  onSave: () => void;
};

/** The foot of the grid, always in sight: the counts, where the marks are, and the two buttons. */
export function GridBar({ grid, counts, waiting, save, isFinishing, strings, locale, ...rest }: GridBarProps) {
  const primary = primaryWords(grid, counts.UNMARKED, waiting, strings, locale);
  return (
    <div
      data-no-print
      className="sticky bottom-shell z-10 -mx-4 grid gap-2 border-t border-border bg-surface px-4 py-2.5 md:-mx-6 md:px-6 lg:-mx-8 lg:px-8 2xl:flex 2xl:items-center 2xl:gap-6"
    >
      <div className="flex flex-1 flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm">
        <ul aria-label={strings.countsLabel} className="flex flex-wrap gap-x-3 tabular">
          {order.map((status) => {
            const Glyph = icons[status];
            return (
              <li key={status} className={`inline-flex items-center gap-1 font-medium ${hues[status]}`}>
                <Glyph className="size-4" strokeWidth={2.5} aria-hidden="true" />
                {counts[status]} <span className="max-sm:sr-only">{strings.counts[status]}</span>
              </li>
            );
          })}
        </ul>
        <SaveWords {...{ grid, waiting, save, strings, locale }} timeZone={rest.timeZone} onSave={rest.onSave} />
      </div>
      <div className="flex items-stretch justify-end gap-2">
        {grid.isFinal ? null : (
          <Button onClick={rest.onSave} className="max-sm:aspect-square max-sm:px-0!">
            <Save className="size-5 shrink-0" aria-hidden="true" />
            <span className="max-sm:sr-only">{strings.saveOnly}</span>
          </Button>
        )}
        <Button
          variant="primary"
          className="min-h-14! max-sm:flex-1 sm:min-w-64 pointer-fine:sm:min-h-11!"
          pending={isFinishing}
          aria-disabled={isFinishing || (grid.isFinal && waiting === 0)}
          onClick={rest.onPrimary}
        >
          {isFinishing ? strings.finishing : primary}
        </Button>
      </div>
    </div>
  );
}

function primaryWords(
  grid: GridState,
  unmarked: number,
  waiting: number,
  strings: GridStrings,
  locale: string,
): string {
  if (grid.isFinal) return waiting > 0 ? fillPlural(strings.saveCorrections, waiting, locale) : strings.finished;
  if (unmarked === 0) return strings.finish;
  const isFirst = unmarked === grid.students.length;
  return fillPlural(isFirst ? strings.finishAll : strings.finishOthers, unmarked, locale);
}

function SaveWords({
  grid,
  waiting,
  save,
  strings,
  locale,
  timeZone,
  onSave,
}: Pick<GridBarProps, "grid" | "waiting" | "save" | "strings" | "locale" | "timeZone" | "onSave">) {
  const undecided = Object.keys(grid.conflicts).length;
  if (undecided > 0)
    return (
      <p className="inline-flex items-center gap-1.5 font-medium text-absent-fg">
        <CloudAlert className="size-4" aria-hidden="true" />
        {fillPlural(strings.needsDecision, undecided, locale)}
      </p>
    );
  if (save.phase === "saving") return <p className="text-muted">{strings.saving}</p>;
  if (waiting > 0 && grid.isFinal)
    return (
      <p className="inline-flex items-center gap-1.5 font-medium text-late-fg">
        <CloudAlert className="size-4" aria-hidden="true" />
        {fillPlural(strings.correctionsWaiting, waiting, locale)}
      </p>
    );
  if (save.phase === "waiting" && waiting > 0)
    return (
      <p className="inline-flex flex-wrap items-center gap-x-2 font-medium text-late-fg">
        <CloudAlert className="size-4" aria-hidden="true" />
        {fillPlural(strings.notSaved, waiting, locale)}
        <Button size="sm" onClick={onSave}>
          {strings.retry}
        </Button>
        <span className="w-full font-normal">{strings.keptHere}</span>
      </p>
    );
  if (save.phase !== "saved") return null;
  const time = new Intl.DateTimeFormat(locale, { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return (
    <p className="inline-flex items-center gap-1.5 text-muted">
      <CloudCheck className="size-4" aria-hidden="true" />
      {fill(strings.saved, { time: time.format(save.at) })}
    </p>
  );
}
