"use client";

import clsx from "clsx";
import { type FocusEvent, type PointerEvent, type ReactNode, useMemo, useState } from "react";
import { useLiveSeats } from "@/components/catalog/live-seats";
import { WEEK_SHEET } from "@/components/catalog/week-sheet";
import { type Packed, unpack } from "@/components/patterns/data/packed";
import type { PlanWeek } from "@/lib/timetable/schema";
import type { SectionGhost } from "./section-ghost";
import { WeekDrawing } from "./week-drawing";

export interface WeekPreviewProps {
  packed: Packed<{ week: PlanWeek; ghosts: Readonly<Record<string, SectionGhost>> }>;
  words: {
    title: string;
    total: string;
    hint: string;
    empty: string;
    full: string;
    close: string;
    days: readonly string[];
  };
  /** The list; its rows carry `data-section`. */
  children: ReactNode;
}

/**
 * A list of sections with the student's week beside it, from 1200 px; below, the week is a sheet that a button opens. The
 * section under the pointer, or the one that has the focus, is drawn into the week as it would stand there, with the same
 * in words. Each row says it in text as well.
 */
export function WeekPreview({ packed, words, children }: WeekPreviewProps) {
  const { week, ghosts } = useMemo(() => unpack(packed), [packed]);
  const [pointed, setPointed] = useState<string | null>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const shown = pointed ?? focused;
  const ghost = shown === null ? null : (ghosts[shown] ?? null);
  return (
    <div className="min-[1200px]:grid min-[1200px]:grid-cols-[minmax(0,1fr)_15.5rem] min-[1200px]:items-start min-[1200px]:gap-3 min-[1440px]:grid-cols-[minmax(0,1fr)_20rem] min-[1440px]:gap-6">
      <div
        role="presentation"
        className="min-w-0"
        onPointerOver={(event: PointerEvent) =>
          setPointed(event.pointerType === "touch" ? null : sectionAt(event.target))
        }
        onPointerLeave={() => setPointed(null)}
        onFocus={(event: FocusEvent) => setFocused(sectionAt(event.target))}
        onBlur={() => setFocused(null)}
      >
        {children}
      </div>
      <aside
        id={WEEK_SHEET}
        popover="auto"
        aria-label={words.title}
        data-ghost={ghost?.kind ?? "none"}
        data-no-print
        className={clsx(
          "rounded-lg border border-border bg-surface p-2.5 text-text",
          "max-[1199.98px]:inset-x-0 max-[1199.98px]:top-auto max-[1199.98px]:bottom-0 max-[1199.98px]:m-0 max-[1199.98px]:max-h-[90dvh] max-[1199.98px]:w-full max-[1199.98px]:max-w-none max-[1199.98px]:gap-2 max-[1199.98px]:overflow-y-auto max-[1199.98px]:rounded-b-none max-[1199.98px]:p-4 max-[1199.98px]:shadow-float max-[1199.98px]:[&:popover-open]:grid",
          "min-[1200px]:sticky min-[1200px]:inset-auto min-[1200px]:top-4 min-[1200px]:m-0 min-[1200px]:grid min-[1200px]:w-auto min-[1200px]:overflow-visible min-[1200px]:gap-1.5",
        )}
      >
        <div className="flex items-baseline justify-between gap-2">
          <h2 className="text-base">{words.title}</h2>
          <p className="text-xs text-muted tabular max-[1199.98px]:text-sm">{words.total}</p>
          <button
            type="button"
            popoverTarget={WEEK_SHEET}
            popoverTargetAction="hide"
            className="min-h-11 rounded-md px-3 font-medium underline min-[1200px]:hidden"
          >
            {words.close}
          </button>
        </div>
        <p className="min-h-15 text-sm max-[1199.98px]:hidden">
          {ghost === null || shown === null ? (
            <span className="text-muted">{week.own.length === 0 ? words.empty : words.hint}</span>
          ) : (
            <Verdict id={shown} ghost={ghost} full={words.full} />
          )}
        </p>
        <WeekDrawing
          week={week}
          ghost={ghost}
          meetings={shown === null ? [] : (week.meetings[shown] ?? [])}
          days={words.days}
          className="h-[clamp(14rem,100dvh-20rem,calc(var(--hours)*3rem))] min-[1200px]:h-[clamp(14rem,100dvh-18.75rem,calc(var(--hours)*3rem))]"
        />
      </aside>
    </div>
  );
}

/** What the row says as well; a seat that is taken meanwhile is told here as it is there. */
function Verdict({ id, ghost, full }: { id: string; ghost: SectionGhost; full: string }) {
  const seats = useLiveSeats({ id, capacity: 1, seatsAvailable: ghost.isFull === true ? 0 : 1, status: "OPEN" });
  const isOpen = ghost.kind !== "overlaps" && ghost.kind !== "mine" && ghost.isBlocked !== true;
  const isFull = isOpen && seats.seatsAvailable === 0;
  return (
    <>
      <span className="block font-medium">{ghost.code}</span>
      <span className={clsx("flex items-start gap-1.5", ghost.kind === "overlaps" && "font-medium")}>
        {ghost.kind === "overlaps" || ghost.kind === "mine" || (ghost.kind === "fits" && isOpen && !isFull) ? (
          <Mark kind={ghost.kind} />
        ) : null}
        {isFull ? full : ghost.verdict}
      </span>
    </>
  );
}

/** Drawn here: the list's page needs no more of the icon library for it. */
function Mark({ kind }: { kind: "overlaps" | "mine" | "fits" }) {
  const lines = kind === "overlaps" ? "M8 2 15 14H1ZM8 6v4M8 12v.1" : "m2.5 8.5 3.5 3.5 7.5-8";
  return (
    <svg
      viewBox="0 0 16 16"
      className={clsx("mt-0.5 size-4 shrink-0", kind === "overlaps" ? "text-text" : "text-present-fg")}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={lines} />
    </svg>
  );
}

function sectionAt(target: EventTarget): string | null {
  const row = target instanceof Element ? target.closest<HTMLElement>("[data-section]") : null;
  return row?.dataset["section"] ?? null;
}
