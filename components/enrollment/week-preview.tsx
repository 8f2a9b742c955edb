"use client";

import clsx from "clsx";
import { type CSSProperties, type FocusEvent, type PointerEvent, type ReactNode, useState } from "react";
import type { PlanWeek, WeekMeeting } from "@/lib/enrollment/schema";
import { hueEdge } from "./course-hue";
import { ownBeside, type SectionGhost } from "./section-ghost";

export interface WeekPreviewProps {
  week: PlanWeek;
  ghosts: Readonly<Record<string, SectionGhost>>;
  words: { title: string; hint: string; empty: string; days: readonly string[] };
  /** The list; its rows carry `data-section`. */
  children: ReactNode;
}

/**
 * A list of sections with the student's week beside it, from 1200 px. The section under the pointer, or the one that has
 * the focus, is drawn into the week as it would stand there, with the same in words. Each row says it in text as well.
 */
export function WeekPreview({ week, ghosts, words, children }: WeekPreviewProps) {
  const [pointed, setPointed] = useState<string | null>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const shown = pointed ?? focused;
  const ghost = shown === null ? null : (ghosts[shown] ?? null);
  return (
    <div className="min-[1200px]:grid min-[1200px]:grid-cols-[minmax(0,1fr)_14rem] min-[1200px]:items-start min-[1200px]:gap-5 min-[1280px]:grid-cols-[minmax(0,1fr)_15.5rem] min-[1440px]:grid-cols-[minmax(0,1fr)_20rem] min-[1440px]:gap-6">
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
        aria-label={words.title}
        data-ghost={ghost?.kind ?? "none"}
        data-no-print
        className="sticky top-6 grid gap-2 rounded-lg border border-border bg-surface p-2.5 max-[1199.98px]:hidden"
      >
        <h2 className="text-base">{words.title}</h2>
        <p className="min-h-15 text-sm">
          {ghost === null ? (
            <span className="text-muted">{week.own.length === 0 ? words.empty : words.hint}</span>
          ) : (
            <>
              <span className="block font-medium">{ghost.code}</span>
              <span className={clsx("flex items-start gap-1.5", ghost.kind === "overlaps" && "font-medium")}>
                <Mark kind={ghost.kind} />
                {ghost.verdict}
              </span>
            </>
          )}
        </p>
        <Week
          week={week}
          ghost={ghost}
          meetings={shown === null ? [] : (week.meetings[shown] ?? [])}
          days={words.days}
        />
      </aside>
    </div>
  );
}

function Week({
  week,
  ghost,
  meetings,
  days,
}: {
  week: PlanWeek;
  ghost: SectionGhost | null;
  meetings: readonly WeekMeeting[];
  days: readonly string[];
}) {
  const own = ownBeside(week.own, ghost);
  const hours = Array.from({ length: week.lastHour - week.firstHour }, (_, index) => week.firstHour + index);
  const place = ({ startMinute, endMinute }: WeekMeeting): CSSProperties => {
    const span = (week.lastHour - week.firstHour) * 60;
    return {
      top: `${((startMinute - week.firstHour * 60) / span) * 100}%`,
      height: `${((endMinute - startMinute) / span) * 100}%`,
    };
  };
  return (
    <div
      style={{ "--hours": hours.length } as CSSProperties}
      className="grid grid-cols-[1.25rem_minmax(0,1fr)] text-xs text-muted"
    >
      <div className="h-6" />
      <div className="grid auto-cols-fr grid-flow-col">
        {week.days.map((day) => (
          <span key={day} className="truncate text-center">
            {days[day - 1]}
          </span>
        ))}
      </div>
      <div aria-hidden="true" className="relative tabular">
        {hours.map((hour, index) => (
          <span
            key={hour}
            style={{ top: `${(index / hours.length) * 100}%` }}
            className="absolute end-1 -translate-y-1/2 leading-none"
          >
            {hour}
          </span>
        ))}
      </div>
      <div className="grid h-[clamp(14rem,100dvh-25rem,calc(var(--hours)*2.5rem))] auto-cols-fr grid-flow-col border-y border-e border-border bg-[repeating-linear-gradient(to_bottom,var(--border)_0_1px,transparent_1px_calc(100%/var(--hours)))]">
        {week.days.map((day) => (
          <ol key={day} className="relative min-w-0 border-s border-border">
            {own
              .filter((meeting) => meeting.day === day)
              .map((meeting) => (
                <li
                  key={`${meeting.sectionId} ${meeting.startMinute}`}
                  style={{
                    ...place(meeting),
                    width: `${100 / meeting.lanes}%`,
                    insetInlineStart: `${(100 / meeting.lanes) * meeting.lane}%`,
                  }}
                  className="absolute p-px"
                >
                  <span
                    className={clsx(
                      "block h-full overflow-hidden rounded-sm border border-s-3 border-border bg-sunken ps-0.5 leading-3 wrap-anywhere text-text",
                      hueEdge(meeting.hue),
                    )}
                  >
                    <Code>{meeting.code}</Code>
                  </span>
                </li>
              ))}
            {ghost === null || ghost.kind === "mine"
              ? null
              : meetings
                  .filter((meeting) => meeting.day === day)
                  .map((meeting) => (
                    <li
                      key={`ghost ${meeting.startMinute}`}
                      aria-hidden="true"
                      style={place(meeting)}
                      className={clsx(
                        "absolute inset-x-0.5 rounded-sm border-2",
                        ghost.kind === "overlaps"
                          ? "border-text bg-[repeating-linear-gradient(135deg,var(--text)_0_1px,transparent_1px_5px)]"
                          : "border-dashed border-accent bg-accent-soft/70",
                      )}
                    />
                  ))}
          </ol>
        ))}
      </div>
    </div>
  );
}

/** A code that breaks, if it must, between its letters and its number. */
function Code({ children }: { children: string }) {
  const at = children.search(/\d/);
  if (at < 1) return children;
  return (
    <>
      {children.slice(0, at)}
      <wbr />
      {children.slice(at)}
    </>
  );
}

/** Drawn here: the list's page needs no more of the icon library for it. */
function Mark({ kind }: { kind: SectionGhost["kind"] }) {
  const lines = kind === "overlaps" ? "M8 2 15 14H1ZM8 6v4M8 12v.1" : "m2.5 8.5 3.5 3.5 7.5-8";
  if (kind === "untimed") return null;
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
