"use client";

import { ArrowRight, CircleCheck } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { STATUSES } from "./grid-state";
import { fill, fillPlural, type GridStrings } from "./grid-strings";
import type { NextClass } from "./next-class";
import { type Sheet, useSheetValue } from "./use-sheet";

/**
 * What finishing has done: how many of which, whose guardians are told, who is absent, and the class after this one. It
 * counts what the server has, not what was changed on the screen since, and it takes the focus, so that it is heard.
 */
export function FinishedPanel({
  sheet: { store, ui, controls },
  next,
  strings,
  locale,
}: {
  sheet: Sheet;
  next: NextClass | null;
  strings: GridStrings;
  locale: string;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
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
        {fill(strings.result, { counts: words })}{" "}
        {absent.length > 0 ? fillPlural(strings.resultGuardians, absent.length, locale) : strings.resultNobody}
      </p>
      {absent.length > 0 ? (
        <div className="grid gap-1">
          <p className="font-medium">{strings.resultAbsent}</p>
          <ul className="grid gap-x-8 gap-y-1 md:grid-cols-2">
            {absent.map(({ id, name }) => (
              <li key={id} className="flex flex-wrap items-center gap-2">
                <span className="min-w-28 flex-1">{name}</span>
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
      <LinkButton href={next?.href ?? "/today"} className="justify-self-start">
        {next ? fill(strings.nextClass, { title: next.title, time: next.time }) : strings.backToDay}
        <Icon icon={ArrowRight} size="sm" className="rtl:-scale-x-100" />
      </LinkButton>
    </Card>
  );
}
