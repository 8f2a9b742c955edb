"use client";

import clsx from "clsx";
import { Search } from "@/components/ui/icon";
import { type KeyboardEvent, useState } from "react";
import { controlClass } from "@/components/ui/input";
import { findStudents } from "../state/find-student";
import type { GridStudent } from "../state/grid-state";
import { fill, fillPlural } from "@/components/patterns/data/fill";
import type { GridStrings } from "../state/grid-strings";
import { listName } from "../state/grid-words";
import { type Sheet, useSheetValue } from "../sync/use-sheet";

const LIST_ID = "grid-find-list";
const MISSED_ID = "grid-find-missed";
/** More would hide the list that they are of; typing on is faster than reading on. */
const SHOWN = 6;

/**
 * Finds a student by the beginning of a name and shows who fits while it is typed. One who fits is taken by Enter; when
 * several fit, Enter asks which, and takes nobody yet.
 */
export function FindBox({ sheet, strings, locale }: { sheet: Sheet; strings: GridStrings; locale: string }) {
  const { store, controls, announcer } = sheet;
  const students = useSheetValue(store, ({ grid }) => grid.students);
  const [typed, setTyped] = useState("");
  /** Which of those who fit Enter takes; null: it asks, when there are several. */
  const [chosen, setChosen] = useState<number | null>(null);
  const fits = findStudents(students, typed);
  const shown = fits.slice(0, SHOWN);
  const missed = typed.trim() !== "" && fits.length === 0;
  const active = fits.length === 1 ? 0 : chosen;

  const say = (text: string) => {
    const found = findStudents(students, text).length;
    if (text.trim() === "") return;
    announcer.say(() =>
      found === 0 ? fill(strings.announceFound, { typed: text }) : fillPlural(strings.findFits, found, locale),
    );
  };
  const goTo = (student: GridStudent | undefined) => {
    if (student) controls.focusRow(student.id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape") controls.focusRow(controls.activeId());
    else if (event.key === "Enter" && active === null && shown.length > 0) {
      setChosen(0);
      say(typed);
    } else if (event.key === "Enter") goTo(active === null ? undefined : shown[active]);
    else if (step !== 0 && shown.length > 0)
      setChosen(((active ?? (step > 0 ? -1 : 0)) + step + shown.length) % shown.length);
    else return;
    event.preventDefault();
  };

  return (
    <div className="relative min-w-24 flex-1 sm:min-w-40 sm:max-w-64">
      <Search className="pointer-events-none absolute start-3 top-3.5 size-4 text-muted" aria-hidden="true" />
      <input
        id="grid-find"
        type="search"
        role="combobox"
        aria-expanded={shown.length > 0}
        aria-controls={LIST_ID}
        aria-autocomplete="list"
        aria-activedescendant={active === null ? undefined : `${LIST_ID}-${active}`}
        aria-label={strings.findLabel}
        aria-describedby={missed ? MISSED_ID : undefined}
        placeholder={strings.findPlaceholder}
        autoComplete="off"
        enterKeyHint="go"
        value={typed}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value);
          setChosen(null);
          say(value);
        }}
        onBlur={() => {
          setTyped("");
          setChosen(null);
        }}
        onKeyDown={onKeyDown}
        className={`${controlClass} ps-9`}
      />
      <div
        hidden={typed.trim() === ""}
        className="absolute start-0 top-full z-10 mt-1 w-max max-w-[calc(100vw-2rem)] min-w-full rounded-md border border-border bg-surface p-1 text-sm shadow-float"
      >
        <ul id={LIST_ID} role="listbox" aria-label={strings.findLabel}>
          {shown.map((student, index) => (
            <li
              key={student.id}
              id={`${LIST_ID}-${index}`}
              role="option"
              aria-selected={index === active}
              // The field keeps the focus, and hears the keys, until the press is over: else the list would be gone before it.
              onMouseDown={(event) => event.preventDefault()}
              onClickCapture={() => goTo(student)}
              className={clsx(
                "flex min-h-9 cursor-pointer items-center rounded-sm px-2 pointer-coarse:min-h-11",
                index === active ? "bg-accent-soft font-medium text-accent" : "hover:bg-sunken",
              )}
            >
              {listName(student, strings)}
            </li>
          ))}
        </ul>
        {missed ? (
          <p id={MISSED_ID} className="px-2 py-1.5">
            {fill(strings.announceFound, { typed })}
          </p>
        ) : null}
        {fits.length > 1 ? (
          <p className="px-2 py-1.5 text-muted">
            {fits.length > SHOWN
              ? fillPlural(strings.findMore, fits.length - SHOWN, locale)
              : fillPlural(strings.findFits, fits.length, locale)}
          </p>
        ) : null}
      </div>
    </div>
  );
}
