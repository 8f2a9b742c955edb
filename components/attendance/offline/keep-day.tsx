"use client";

import { useEffect } from "react";
import type { SheetDto } from "@/lib/attendance/schema";
import type { GridStrings } from "@/components/attendance/class-grid/state/grid-strings";
import { listName } from "@/components/attendance/class-grid/state/grid-words";
import { clockText } from "../times";
import { keep, keptAt, type KeptClass, type KeptDay } from "./kept-day";

/** The page itself comes first. */
const AFTER_MS = 1_500;
const FRESH_MS = 30 * 60_000;
const HOUR_MS = 3_600_000;

/** Keeps the day and its class lists on this device, so that they open without a network. */
export function KeepDay({
  personId,
  day,
  strings,
}: {
  personId: string;
  day: KeptDay;
  strings: Pick<GridStrings, "nameInList">;
}) {
  useEffect(() => {
    const gone = new AbortController();
    const timer = setTimeout(() => void keepAll(), AFTER_MS);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };

    async function keepAll() {
      await keep(personId, "day", day);
      for (const { id } of day.classes) {
        if (Date.now() - (await keptAt(personId, `class:${id}`)) < FRESH_MS) continue;
        const answer = await fetch(`/api/attendance/${encodeURIComponent(id)}`, { signal: gone.signal }).catch(
          () => null,
        );
        if (gone.signal.aborted || !answer) return;
        if (answer.ok) await keep(personId, `class:${id}`, classOf((await answer.json()) as SheetDto, strings));
      }
    }
  }, [personId, day, strings]);
  return null;
}

function classOf({ classSession, roster, lock }: SheetDto, strings: Pick<GridStrings, "nameInList">): KeptClass {
  const { section, startsAt, endsAt, state, location } = classSession;
  const canBeMarked = state !== "FINALIZED" && (lock === null || lock === "NOT_OPEN");
  return {
    title: section.title,
    detail: [`${clockText(startsAt)}–${clockText(endsAt)}`, section.code, location].filter(Boolean).join(" · "),
    startsAt: Date.parse(startsAt),
    endsAt: Date.parse(endsAt),
    opensAt: canBeMarked ? Date.parse(startsAt) - HOUR_MS : null,
    students: roster.map(({ student, status, minutesLate, note }) => ({
      id: student.id,
      name: listName(student, strings),
      mark: { status, minutesLate, note },
    })),
  };
}
