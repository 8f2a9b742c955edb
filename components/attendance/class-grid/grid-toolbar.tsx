"use client";

import { CheckCheck, ListFilter, Redo2, Search, Undo2 } from "lucide-react";
import { memo, useState, useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";
import { controlClass } from "@/components/ui/input";
import type { Step } from "./grid-state";
import { fill, fillPlural, type GridStrings } from "./grid-strings";
import { summaryOf } from "./grid-summary";
import { KeyList } from "./key-list";
import { type Sheet, useSheetValue } from "./use-sheet";

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
 * the box is closed to the layout of the page.
 */
export const GridToolbar = memo(function GridToolbar({ sheet, strings, locale }: ToolbarProps) {
  return (
    <div
      role="group"
      aria-label={strings.toolbar}
      data-no-print
      className="relative z-5 mb-3 flex flex-wrap items-center gap-2 contain-layout contain-style"
    >
      <Find {...{ sheet, strings }} />
      <StepButton way="undo" {...{ sheet, strings, locale }} />
      <StepButton way="redo" {...{ sheet, strings, locale }} />
      <Filter {...{ sheet, strings }} />
      <Fill {...{ sheet, strings, locale }} />
      <KeyList strings={strings} />
    </div>
  );
});

function Find({ sheet: { controls }, strings }: Omit<ToolbarProps, "locale">) {
  const [typed, setTyped] = useState("");
  const [missed, setMissed] = useState<string | null>(null);
  return (
    <div className="relative min-w-24 flex-1 sm:min-w-40 sm:max-w-64">
      <Search className="pointer-events-none absolute start-3 top-3.5 size-4 text-muted" aria-hidden="true" />
      <input
        id="grid-find"
        type="search"
        aria-label={strings.findLabel}
        aria-describedby={missed === null ? undefined : "grid-find-missed"}
        placeholder={strings.findPlaceholder}
        autoComplete="off"
        enterKeyHint="go"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setMissed(null);
        }}
        onBlur={() => {
          setTyped("");
          setMissed(null);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            if (!controls.find(typed)) setMissed(typed);
          } else if (event.key === "Escape") {
            event.preventDefault();
            controls.focusRow(controls.activeId());
          }
        }}
        className={`${controlClass} ps-9`}
      />
      {missed === null ? null : (
        <p
          id="grid-find-missed"
          className="absolute start-0 top-full mt-1 w-max max-w-72 rounded-md border border-border bg-surface px-3 py-2 text-sm shadow-float"
        >
          {fill(strings.announceFound, { typed: missed })}
        </p>
      )}
    </div>
  );
}

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
      className="tabular max-sm:px-2!"
    >
      {glyphs.filter}
      <span aria-hidden="true" className="sm:hidden">
        {unmarked}
      </span>
      <span className="max-sm:sr-only">{fill(strings.filterUnmarked, { count: unmarked })}</span>
    </Button>
  );
}

function Fill({ sheet: { store, controls }, strings, locale }: ToolbarProps) {
  const unmarked = useSheetValue(store, ({ grid }) => summaryOf(grid).counts.UNMARKED);
  const students = useSheetValue(store, ({ grid }) => grid.students.length);
  if (unmarked === 0) return null;
  return (
    <Button variant="quiet" onClick={controls.fill} className="tabular max-sm:hidden">
      {glyphs.fill}
      {fillPlural(unmarked === students ? strings.all : strings.others, unmarked, locale)}
    </Button>
  );
}
