"use client";

import { Check, CircleDashed, Clock, FileCheck, Save, X } from "@/components/ui/icon";
import clsx from "clsx";
import { memo } from "react";
import { Button } from "@/components/ui/button";
import type { GridStatus } from "../state/grid-state";
import { columnWidth } from "./grid-rows";
import { fill, fillPlural } from "@/components/patterns/data/fill";
import type { GridStrings } from "../state/grid-strings";
import { type GridSummary, summaryOf } from "../state/grid-summary";
import { SaveWords } from "./save-words";
import { type Sheet, useSheetValue } from "../sync/use-sheet";

// Elements that never change are made once: React passes over them without a look.
const glyphs = {
  PRESENT: <Check className="size-4" bold aria-hidden="true" />,
  ABSENT: <X className="size-4" bold aria-hidden="true" />,
  LATE: <Clock className="size-4" bold aria-hidden="true" />,
  EXCUSED: <FileCheck className="size-4" bold aria-hidden="true" />,
  UNMARKED: <CircleDashed className="size-4" bold aria-hidden="true" />,
} as const;
const saveGlyph = <Save className="size-5 shrink-0" aria-hidden="true" />;
const order = ["PRESENT", "ABSENT", "LATE", "EXCUSED", "UNMARKED"] as const;
const hues: Record<GridStatus | "UNMARKED", string> = {
  PRESENT: "text-present-fg",
  ABSENT: "text-absent-fg",
  LATE: "text-late-fg",
  EXCUSED: "text-excused-fg",
  UNMARKED: "text-muted",
};

export type GridBarProps = { sheet: Sheet; strings: GridStrings; locale: string; timeZone: string };

/**
 * The foot of the grid, in sight wherever there is room: the counts, where the marks are, and the two buttons. Its box is
 * closed to the layout of the page, so that a figure that changes in it does not lay out the list.
 */
export const GridBar = memo(function GridBar({
  sheet,
  strings,
  locale,
  timeZone,
  twoColumns,
}: GridBarProps & { twoColumns: boolean }) {
  return (
    <div
      data-no-print
      data-sticky-foot
      className="bottom-shell z-10 -mx-4 border-t border-border bg-surface px-4 pt-1.5 pb-[calc(0.375rem+env(safe-area-inset-bottom,0px))] contain-layout contain-style tall:sticky md:-mx-6 md:px-6 md:py-2.5 lg:-mx-8 lg:px-8"
    >
      <div
        className={clsx(
          "grid gap-1 md:gap-2",
          columnWidth(twoColumns),
          twoColumns && "2xl:flex 2xl:items-center 2xl:gap-6",
        )}
      >
        <div className="flex min-h-5 flex-1 flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm">
          <Counts sheet={sheet} strings={strings} />
          <SaveWords {...{ sheet, strings, locale, timeZone }} />
        </div>
        <Buttons {...{ sheet, strings, locale }} />
      </div>
    </div>
  );
});

function Counts({ sheet, strings }: Pick<GridBarProps, "sheet" | "strings">) {
  const { counts } = useSheetValue(sheet.store, ({ grid }) => summaryOf(grid));
  return (
    <ul aria-label={strings.countsLabel} className="flex flex-wrap gap-x-3 tabular max-sm:gap-x-2.5">
      {order.map((status) => (
        <Count key={status} status={status} count={counts[status]} strings={strings} />
      ))}
    </ul>
  );
}

type CountProps = { status: GridStatus | "UNMARKED"; count: number; strings: GridStrings };

const Count = memo(function Count({ status, count, strings }: CountProps) {
  return (
    <li className={`inline-flex items-center gap-1 font-medium ${hues[status]}`}>
      {glyphs[status]}
      <span aria-hidden="true" className="sm:hidden">
        {count}
      </span>
      <span className="max-sm:sr-only">{fill(strings.counts[status], { count })}</span>
    </li>
  );
});

function Buttons({ sheet: { store, controls }, strings, locale }: Omit<GridBarProps, "timeZone">) {
  const summary = useSheetValue(store, ({ grid }) => summaryOf(grid));
  const isFinal = useSheetValue(store, ({ grid }) => grid.isFinal);
  const students = useSheetValue(store, ({ grid }) => grid.students.length);
  const isFinishing = useSheetValue(store, (view) => view.isFinishing);
  const mustRetry = useSheetValue(store, ({ save }) => save.phase === "waiting") && summary.waiting > 0;
  return (
    <div className="flex items-stretch justify-end gap-2">
      {isFinal ? null : <SaveButton label={mustRetry ? strings.retry : strings.saveOnly} onSave={controls.save} />}
      <Button
        variant="primary"
        className="min-h-12! max-sm:flex-1 sm:w-80 pointer-fine:sm:min-h-11!"
        pending={isFinishing}
        aria-disabled={isFinishing || (isFinal && summary.waiting === 0)}
        onClick={() => void controls.primary()}
      >
        {isFinishing ? strings.finishing : primaryWords(summary, isFinal, students, strings, locale)}
      </Button>
    </div>
  );
}

const SaveButton = memo(function SaveButton({ label, onSave }: { label: string; onSave: () => Promise<void> }) {
  return (
    <Button onClick={() => void onSave()} className="max-sm:w-12 max-sm:px-0!">
      {saveGlyph}
      <span className="max-sm:sr-only">{label}</span>
    </Button>
  );
});

function primaryWords(
  { counts, waiting }: GridSummary,
  isFinal: boolean,
  students: number,
  strings: GridStrings,
  locale: string,
): string {
  if (isFinal) return waiting > 0 ? fillPlural(strings.saveCorrections, waiting, locale) : strings.finished;
  if (counts.UNMARKED === 0) return strings.finish;
  return fillPlural(counts.UNMARKED === students ? strings.finishAll : strings.finishOthers, counts.UNMARKED, locale);
}
