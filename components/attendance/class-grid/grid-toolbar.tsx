"use client";

import { CheckCheck, Keyboard, Redo2, Search, Undo2 } from "lucide-react";
import { type RefObject, useState } from "react";
import { Button } from "@/components/ui/button";
import { controlClass } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { Popover } from "@/components/ui/popover";
import type { GridState, Step } from "./grid-state";
import { fill, fillPlural, type GridStrings } from "./grid-strings";

type Words = { mark: string; fill: GridStrings["undoFill"]; detail: string; plain: string };

/** Undo, redo, find, "mark the others present" and the list of keys. What undo will do stands on the button. */
export function GridToolbar({
  grid,
  unmarked,
  strings,
  locale,
  findRef,
  onFind,
  onLeaveFind,
  onUndo,
  onRedo,
  onFill,
}: {
  grid: GridState;
  unmarked: number;
  strings: GridStrings;
  locale: string;
  findRef: RefObject<HTMLInputElement | null>;
  onFind: (typed: string) => void;
  onLeaveFind: () => void;
  onUndo: () => void;
  onRedo: () => void;
  onFill: () => void;
}) {
  const [typed, setTyped] = useState("");
  const names = new Map(grid.students.map(({ id, name }) => [id, name]));
  const wordsOf = (step: Step | undefined, words: Words): string => {
    if (!step) return words.plain;
    const { what } = step;
    if (what.type === "fill") return fillPlural(words.fill, what.count, locale);
    const name = names.get(what.studentId) ?? "";
    if (what.type === "detail") return fill(words.detail, { name });
    return fill(words.mark, { name, status: strings.status[what.status ?? "UNMARKED"].toLowerCase() });
  };
  const undo = wordsOf(grid.undo.at(-1), {
    mark: strings.undoMark,
    fill: strings.undoFill,
    detail: strings.undoDetail,
    plain: strings.undo,
  });
  const redo = wordsOf(grid.redo.at(-1), {
    mark: strings.redoMark,
    fill: strings.redoFill,
    detail: strings.redoDetail,
    plain: strings.redo,
  });

  return (
    <div role="group" aria-label={strings.toolbar} data-no-print className="mb-3 flex flex-wrap items-center gap-2">
      <div className="relative min-w-40 flex-1 sm:max-w-64">
        <Search className="pointer-events-none absolute start-3 top-3.5 size-4 text-muted" aria-hidden="true" />
        <input
          ref={findRef}
          type="search"
          aria-label={strings.findLabel}
          placeholder={strings.findPlaceholder}
          autoComplete="off"
          enterKeyHint="go"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => setTyped("")}
          onKeyDown={(event) => {
            if (event.key === "Enter") {
              event.preventDefault();
              onFind(typed);
            } else if (event.key === "Escape") {
              event.preventDefault();
              onLeaveFind();
            }
          }}
          className={`${controlClass} ps-9`}
        />
      </div>
      <Button
        aria-disabled={grid.undo.length === 0}
        aria-label={undo}
        title={undo}
        onClick={onUndo}
        className="min-w-0 max-w-full sm:max-w-64"
      >
        <Undo2 className="size-5 shrink-0" aria-hidden="true" />
        <span className="truncate max-sm:sr-only">{undo}</span>
      </Button>
      <Button aria-disabled={grid.redo.length === 0} aria-label={redo} title={redo} onClick={onRedo}>
        <Redo2 className="size-5 shrink-0" aria-hidden="true" />
        <span className="sr-only">{redo}</span>
      </Button>
      {unmarked > 0 ? (
        <Button variant="quiet" onClick={onFill} className="max-sm:hidden">
          <CheckCheck className="size-5 shrink-0" aria-hidden="true" />
          {fillPlural(unmarked === grid.students.length ? strings.all : strings.others, unmarked, locale)}
        </Button>
      ) : null}
      <KeyList strings={strings} />
    </div>
  );
}

function KeyList({ strings }: { strings: GridStrings }) {
  const { keys, keyNames, letters } = strings;
  const control = keyNames.control;
  const lines: [readonly string[], string][] = [
    [["↑", "↓"], keys.move],
    [[keyNames.pageUp, keyNames.pageDown], keys.page],
    [[`${control} ${keyNames.home}`, `${control} ${keyNames.end}`], keys.ends],
    [[letters.PRESENT, letters.ABSENT, letters.LATE, letters.EXCUSED, "1", "2", "3", "4"], keys.mark],
    [["0", keyNames.delete], keys.clear],
    [["/"], keys.find],
    [[letters.minutes], keys.minutes],
    [["F2"], keys.note],
    [[`${keyNames.shift} ${letters.PRESENT}`], keys.fill],
    [[`${control} Z`, `${control} ${keyNames.shift} Z`], keys.undo],
    [[`${control} ${keyNames.enter}`], keys.primary],
  ];
  return (
    <div className="ms-auto pointer-coarse:hidden">
      <Popover
        id="grid-keys"
        variant="quiet"
        className="w-md max-w-[calc(100vw-2rem)] p-4"
        trigger={
          <>
            <Keyboard className="size-5 shrink-0" aria-hidden="true" />
            {strings.keysTitle}
          </>
        }
      >
        <p className="mb-3 text-sm text-muted">{strings.keysIntro}</p>
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm">
          {lines.map(([names, meaning]) => (
            <div key={meaning} className="contents">
              <dt className="flex flex-wrap gap-1">
                {names.map((name) => (
                  <Kbd key={name}>{name}</Kbd>
                ))}
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </Popover>
    </div>
  );
}
