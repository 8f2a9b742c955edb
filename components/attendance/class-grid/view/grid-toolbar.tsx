"use client";

import { CheckCheck, ListFilter, Redo2, Undo2 } from "@/components/ui/icon";
import { memo, useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";
import { FindBox } from "./find-box";
import type { Step } from "../state/grid-state";
import { fill, fillPlural } from "@/components/patterns/data/fill";
import type { GridStrings } from "../state/grid-strings";
import { summaryOf } from "../state/grid-summary";
import { KeyList } from "./key-list";
import { type Sheet, useSheetValue } from "../sync/use-sheet";

// Elements that never change are made once: React passes over them without a look.
const glyphs = {
  undo: <Undo2 className="size-5 shrink-0" aria-hidden="true" />,
  redo: <Redo2 className="size-5 shrink-0" aria-hidden="true" />,
  filter: <ListFilter className="size-5 shrink-0" aria-hidden="true" />,
  fill: <CheckCheck className="size-5 shrink-0" aria-hidden="true" />,
} as const;

type ToolbarProps = { sheet: Sheet; strings: GridStrings; locale: string };

/**
 * Find, undo, redo, the filter, "mark the others present" and the list of keys. Each part listens to its own figure, and
 * the box is closed to the layout of the page. Where it sticks (below md) it is one line high: the page keeps what has the
 * focus below that.
 */
export const GridToolbar = memo(function GridToolbar({ sheet, strings, locale }: ToolbarProps) {
  return (
    <div
      role="group"
      aria-label={strings.toolbar}
      data-no-print
      className="relative z-5 mb-3 flex flex-wrap items-center gap-2 contain-layout contain-style max-md:-mx-4 max-md:mb-0 max-md:bg-bg max-md:px-4 max-md:py-1 tall:max-md:sticky tall:max-md:top-11"
    >
      <FindBox {...{ sheet, strings, locale }} />
      <StepButton way="undo" {...{ sheet, strings, locale }} />
      <StepButton way="redo" {...{ sheet, strings, locale }} />
      <Filter {...{ sheet, strings }} />
      <Fill {...{ sheet, strings, locale }} />
      <KeyList strings={strings} />
    </div>
  );
});

/** What the button will undo stands on it. Its width is fixed, so that names of any length move nothing. */
function StepButton({ way, sheet: { store, controls }, strings, locale }: ToolbarProps & { way: "undo" | "redo" }) {
  const step = useSheetValue(store, ({ grid }) => grid[way].at(-1));
  const students = useSheetValue(store, ({ grid }) => grid.students);
  const words = stepWords(step, way, (id) => students.find((own) => own.id === id)?.name ?? "", strings, locale);
  return (
    <Button
      aria-disabled={step === undefined}
      aria-label={words}
      title={words}
      onClick={() => controls.step(way)}
      className={way === "undo" ? "max-sm:w-11 max-sm:px-0! sm:w-48 sm:justify-start" : "max-sm:w-11 max-sm:px-0!"}
    >
      {glyphs[way]}
      {way === "undo" ? <span className="truncate max-sm:sr-only">{words}</span> : null}
    </Button>
  );
}

function stepWords(
  step: Step | undefined,
  way: "undo" | "redo",
  nameOf: (studentId: string) => string,
  strings: GridStrings,
  locale: string,
): string {
  const words = strings[way];
  if (!step) return words.plain;
  const { what } = step;
  switch (what.type) {
    case "fill":
      return fillPlural(words.fill, what.count, locale);
    case "many":
      return fillPlural(words.many, what.count, locale, { status: strings.inSentence[what.status ?? "UNMARKED"] });
    case "detail":
      return fill(words.detail, { name: nameOf(what.studentId) });
    case "mark":
      return fill(words.mark, { name: nameOf(what.studentId), status: strings.inSentence[what.status ?? "UNMARKED"] });
  }
}

function Filter({ sheet: { store, ui }, strings }: Omit<ToolbarProps, "locale">) {
  const unmarked = useSheetValue(store, ({ grid }) => summaryOf(grid).counts.UNMARKED);
  const { onlyUnmarked } = useSyncExternalStore(ui.subscribeList, ui.list, ui.list);
  return (
    <Button
      variant={onlyUnmarked ? "primary" : "secondary"}
      aria-pressed={onlyUnmarked}
      aria-disabled={unmarked === 0 && !onlyUnmarked}
      onClick={() => ui.filter(!onlyUnmarked)}
      className="tabular max-md:px-2!"
    >
      {glyphs.filter}
      <span aria-hidden="true" className="md:hidden">
        {unmarked}
      </span>
      <span className="max-md:sr-only">{fill(strings.filterUnmarked, { count: unmarked })}</span>
    </Button>
  );
}

function Fill({ sheet: { store, controls }, strings, locale }: ToolbarProps) {
  const others = useSheetValue(store, ({ grid }) => summaryOf(grid).others);
  const students = useSheetValue(store, ({ grid }) => grid.students.length);
  if (others === 0) return null;
  return (
    <Button variant="quiet" onClick={controls.fill} className="tabular max-md:hidden">
      {glyphs.fill}
      {fillPlural(others === students ? strings.all : strings.others, others, locale)}
    </Button>
  );
}
