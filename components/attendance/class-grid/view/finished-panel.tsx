"use client";

import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ArrowRight, CircleCheck, Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { type AlertReach, reachLines } from "./alert-reach-lines";
import { GraceStrip } from "./grace-strip";
import { STATUSES } from "../state/grid-state";
import { fill } from "@/components/patterns/data/fill";
import type { GridStrings } from "../state/grid-strings";
import { listName } from "../state/grid-words";
import type { NextClass } from "../sync/next-class";
import { type Sheet, useSheetValue } from "../sync/use-sheet";

/**
 * What finishing has done: how many of which, whose guardians are told, who is absent, and the class after this one. It
 * counts what the server has, not what was changed on the screen since, and it takes the focus, so that it is heard.
 */
export function FinishedPanel({
  sheet,
  reach,
  next,
  strings,
  locale,
}: {
  sheet: Sheet;
  reach: AlertReach | null;
  /** Undefined until the finished class has been asked for: a link must not change under a finger. */
  next: NextClass | null | undefined;
  strings: GridStrings;
  locale: string;
}) {
  const { store, ui, controls } = sheet;
  const alerts = useSheetValue(store, (view) => view.alerts);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A finish whose answer was late can arrive while a note is being typed: what is typed stays where it belongs.
    if (!(document.activeElement instanceof HTMLInputElement)) heading.current?.focus();
  }, []);
  const students = useSheetValue(store, ({ grid }) => grid.students);
  const saved = useSheetValue(store, ({ grid }) => grid.saved);
  const words = [...STATUSES, "UNMARKED" as const]
    .map((status) => ({
      status,
      count: students.filter(({ id }) => (saved[id]?.status ?? "UNMARKED") === status).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => fill(strings.counts[status], { count }))
    .join(" · ");
  const absent = students.filter(({ id }) => saved[id]?.status === "ABSENT");
  const addNote = (studentId: string) => {
    controls.focusRow(studentId);
    ui.openDetails(studentId, "note");
  };
  return (
    <Card as="section" aria-labelledby="finished-title" className="mb-4 grid gap-3">
      <h2 id="finished-title" ref={heading} tabIndex={-1} className="flex items-center gap-2 text-lg">
        <CircleCheck className="size-5 text-present-fg" aria-hidden="true" />
        {strings.finished}
      </h2>
      <p className="tabular">
        {fill(strings.result, { counts: words })} {absent.length === 0 && !alerts ? strings.resultNobody : null}
      </p>
      <GraceStrip {...{ sheet, reach, strings, locale }} />
      {absent.length > 0 && reach && !alerts ? (
        <ul className="grid gap-0.5">
          {reachLines(reach, { at: null, strings, locale }).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : null}
      {absent.length > 0 ? (
        <div className="grid gap-1">
          <p className="font-medium">{strings.resultAbsent}</p>
          <ul className="grid gap-x-8 gap-y-1 md:grid-cols-2">
            {absent.map(({ id, name, ...names }) => (
              <li key={id} className="flex flex-wrap items-center gap-2">
                <span className="min-w-28 flex-1">{listName({ id, name, ...names }, strings)}</span>
                <Button
                  size="sm"
                  aria-label={fill(strings.resultChangeOf, { name })}
                  onClick={() => controls.focusRow(id)}
                >
                  {strings.resultChange}
                </Button>
                <Button size="sm" aria-label={fill(strings.resultNoteOf, { name })} onClick={() => addNote(id)}>
                  {strings.resultNote}
                </Button>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {next === undefined ? null : (
        <LinkButton href={next?.href ?? "/today"} className="justify-self-start">
          {next ? fill(strings.nextClass, { title: next.title, time: next.time }) : strings.backToDay}
          <Icon icon={ArrowRight} size="sm" className="rtl:-scale-x-100" />
        </LinkButton>
      )}
    </Card>
  );
}
