"use client";

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/link-button";
import { LiveRegion } from "@/components/ui/live-region";
import { findStudent } from "./find-student";
import { FinishedPanel } from "./finished-panel";
import { GridBar } from "./grid-bar";
import { gridCommand, type GridCommand } from "./grid-keys";
import { cellId, GridRow, markWord, type RowHandlers } from "./grid-row";
import { countGrid, type GridStatus, markOf, sameMark, STATUSES, waitingStudents } from "./grid-state";
import { fill, fillPlural, type GridStrings } from "./grid-strings";
import { GridToolbar } from "./grid-toolbar";
import type { DetailField } from "./row-details";
import { useAnnouncer } from "./use-announcer";
import { type SheetStart, useSheet } from "./use-sheet";

export type ClassGridProps = SheetStart & {
  startsAt: string;
  endsAt: string;
  timeZone: string;
  locale: string;
  signInHref: string;
  strings: GridStrings;
};

type Open = { studentId: string; field: DetailField | "open" } | null;

/**
 * The class grid: one student a row, four marks each, by keys (only while a row has the focus), mouse or finger. Events
 * are heard once, on the grid; rows get nothing but their own mark.
 */
export function ClassGrid(props: ClassGridProps) {
  const { strings, locale, readOnly } = props;
  const { view, store } = useSheet(props);
  const { grid, save } = view;
  const [activeId, setActiveId] = useState(grid.students[0]?.id ?? "");
  const [open, setOpen] = useState<Open>(null);
  const [isFinishing, setFinishing] = useState(false);
  const { said, say } = useAnnouncer();
  const findRef = useRef<HTMLInputElement>(null);
  const counts = countGrid(grid);
  const waiting = waitingStudents(grid).length;
  const active = grid.students.some(({ id }) => id === activeId) ? activeId : (grid.students[0]?.id ?? "");

  const focusRow = useCallback((studentId: string | undefined) => {
    if (studentId !== undefined) document.getElementById(cellId(studentId))?.focus();
  }, []);

  // The list is what this page is for: with a keyboard at hand it can be used at once.
  useEffect(() => {
    if (readOnly || !matchMedia("(pointer: fine)").matches || document.activeElement !== document.body) return;
    const first = store.view().grid.students[0];
    if (first) document.getElementById(cellId(first.id))?.focus({ preventScroll: true });
  }, [readOnly, store]);

  const sayMark = (studentId: string) =>
    say(() => {
      const now = store.view().grid;
      const { ABSENT, UNMARKED } = countGrid(now);
      const name = now.students.find(({ id }) => id === studentId)?.name ?? "";
      const status = markWord(markOf(now, studentId), strings).toLowerCase();
      return fill(strings.announce, { name, status, absent: ABSENT, unmarked: UNMARKED });
    });

  const mark = (studentId: string, status: GridStatus | null) => {
    const isLateNow = status === "LATE" && markOf(store.view().grid, studentId).status !== "LATE";
    const minutesLate = isLateNow ? minutesSinceStart(props.startsAt, props.endsAt) : undefined;
    store.act({ type: "mark", studentId, status, ...(minutesLate === undefined ? {} : { minutesLate }) });
    sayMark(studentId);
  };

  const fillPresent = () => {
    const before = counts.UNMARKED;
    store.act({ type: "fillPresent" });
    say(() => {
      const { ABSENT, UNMARKED } = countGrid(store.view().grid);
      return fillPlural(strings.announceFill, before - UNMARKED, locale, { absent: ABSENT, unmarked: UNMARKED });
    });
  };

  const primary = async () => {
    if (isFinishing) return;
    if (grid.isFinal) return store.save();
    setFinishing(true);
    await store.finish();
    setFinishing(false);
    const { finishedHere } = store.view();
    if (finishedHere) window.scrollTo({ top: 0 });
  };

  const onCloseDetails = useCallback(
    (studentId: string) => {
      setOpen(null);
      focusRow(studentId);
    },
    [focusRow],
  );
  const handlers = useMemo<RowHandlers>(
    () => ({
      onDetail: (studentId, change) => store.act({ type: "detail", studentId, ...change }),
      onResolve: (studentId, keep) => store.act({ type: "resolve", studentId, keep }),
      onCloseDetails,
    }),
    [store, onCloseDetails],
  );

  const run = (command: GridCommand, studentId: string) => {
    const { students } = store.view().grid;
    const index = students.findIndex(({ id }) => id === studentId);
    const move = (to: number) => focusRow(students[Math.max(0, Math.min(students.length - 1, to))]?.id);
    if (command.type === "move") return move(index + command.by);
    if (command.type === "moveTo") return move(command.place === "first" ? 0 : students.length - 1);
    if (command.type === "find") return findRef.current?.focus();
    if (readOnly) return;
    switch (command.type) {
      case "mark":
        mark(studentId, command.status);
        return command.status === null ? undefined : move(index + 1);
      case "buttons":
        return rowOf(studentId)?.querySelector<HTMLElement>("[data-mark]")?.focus();
      case "fill":
        return fillPresent();
      case "undo":
      case "redo":
        return store.act({ type: command.type });
      case "primary":
        return void primary();
      case "details":
        return setOpen((was) => (was?.studentId === studentId ? null : { studentId, field: "open" }));
      case "note":
        return setOpen({ studentId, field: "note" });
      case "minutes":
        if (markOf(store.view().grid, studentId).status === "LATE") setOpen({ studentId, field: "minutes" });
    }
  };

  const onKeyDown = (event: React.KeyboardEvent<HTMLDivElement>) => {
    const target = event.target as HTMLElement;
    const studentId = target.closest<HTMLElement>("[data-student]")?.dataset["student"];
    if (studentId === undefined) return;
    const command = gridCommand(event, lettersOf(strings));
    if (!target.matches("[role=rowheader]")) {
      if (command?.type === "primary") event.preventDefault();
      if (command?.type === "primary") void primary();
      else if (target.matches("[data-mark]")) walkButtons(event, target, studentId);
      return;
    }
    if (!command) return;
    event.preventDefault();
    run(command, studentId);
  };

  const walkButtons = (event: React.KeyboardEvent, target: HTMLElement, studentId: string) => {
    if (event.key === "Escape") return focusRow(studentId);
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    event.preventDefault();
    const buttons = [...(rowOf(studentId)?.querySelectorAll<HTMLElement>("[data-mark]") ?? [])];
    const to = buttons.indexOf(target) + (event.key === "ArrowRight" ? 1 : -1);
    if (to < 0) focusRow(studentId);
    else buttons[to]?.focus();
  };

  const onClick = (event: React.MouseEvent<HTMLDivElement>) => {
    const target = event.target as HTMLElement;
    const studentId = target.closest<HTMLElement>("[data-student]")?.dataset["student"];
    if (studentId === undefined) return;
    const button = target.closest<HTMLElement>("[data-mark]");
    const status = STATUSES.find((own) => own === button?.dataset["mark"]);
    if (status) {
      navigator.vibrate?.(10);
      mark(studentId, markOf(store.view().grid, studentId).status === status ? null : status);
    } else if (target.closest("[role=rowheader]")) {
      run({ type: "details" }, studentId);
    }
  };

  const find = (typed: string) => {
    const found = findStudent(store.view().grid.students, typed);
    if (found) focusRow(found.id);
    else say(() => fill(strings.announceFound, { typed }));
  };

  return (
    <div className="max-w-5xl noscript:hidden">
      {save.phase === "signedOut" ? (
        <Alert
          tone="error"
          role="alert"
          className="mb-4"
          title={strings.signedOutTitle}
          actions={<LinkButton href={props.signInHref}>{strings.signIn}</LinkButton>}
        >
          {strings.signedOut}
        </Alert>
      ) : null}
      {save.phase === "locked" ? (
        <Alert tone="error" role="alert" className="mb-4" title={strings.lockedTitle}>
          {save.detail} {strings.lockedKept}
        </Alert>
      ) : null}
      {view.finishedHere ? (
        <FinishedPanel {...{ grid, counts, strings, locale }} onChange={(studentId) => focusRow(studentId)} />
      ) : null}
      {readOnly ? null : (
        <>
          <p className="mb-3 text-sm text-muted">{grid.isFinal ? strings.correctNotice : strings.tellNotice}</p>
          <GridToolbar
            {...{ grid, strings, locale, findRef }}
            unmarked={counts.UNMARKED}
            onFind={find}
            onLeaveFind={() => focusRow(active)}
            onUndo={() => store.act({ type: "undo" })}
            onRedo={() => store.act({ type: "redo" })}
            onFill={fillPresent}
          />
        </>
      )}
      <div
        role="grid"
        tabIndex={-1}
        aria-label={strings.label}
        aria-rowcount={grid.students.length}
        aria-readonly={readOnly ? true : undefined}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onFocus={(event) => {
          const studentId = event.target.closest<HTMLElement>("[data-student]")?.dataset["student"];
          if (studentId !== undefined) setActiveId(studentId);
        }}
        className="mb-4 rounded-lg border border-border bg-surface"
      >
        {grid.students.map((student, index) => {
          const own = markOf(grid, student.id);
          return (
            <GridRow
              key={student.id}
              student={student}
              mark={own}
              index={index}
              rows={grid.students.length}
              isActive={student.id === active}
              isWaiting={!sameMark(own, grid.saved[student.id] ?? own)}
              hasLeft={grid.left[student.id] === true}
              readOnly={readOnly}
              markedBy={grid.changedBy[student.id] ?? null}
              conflict={grid.conflicts[student.id] ?? null}
              details={open?.studentId === student.id ? open.field : null}
              strings={strings}
              handlers={handlers}
            />
          );
        })}
      </div>
      <LiveRegion>{said}</LiveRegion>
      {readOnly ? null : (
        <GridBar
          {...{ grid, counts, waiting, save, isFinishing, strings, locale }}
          timeZone={props.timeZone}
          onPrimary={() => void primary()}
          onSave={() => void store.save()}
        />
      )}
    </div>
  );
}

function rowOf(studentId: string): Element | null {
  return document.getElementById(cellId(studentId))?.closest("[role=row]") ?? null;
}

function lettersOf({ letters }: GridStrings) {
  const lower = (letter: string) => letter.toLowerCase();
  return {
    PRESENT: lower(letters.PRESENT),
    ABSENT: lower(letters.ABSENT),
    LATE: lower(letters.LATE),
    EXCUSED: lower(letters.EXCUSED),
    minutes: lower(letters.minutes),
  };
}

/** How late somebody is who comes in now, while the class runs; else nobody knows. */
function minutesSinceStart(startsAt: string, endsAt: string): number | null {
  const now = Date.now();
  const start = Date.parse(startsAt);
  return now > start && now < Date.parse(endsAt) ? Math.min(600, Math.round((now - start) / 60_000)) : null;
}
