import clsx from "clsx";
import type { CSSProperties } from "react";
import type { PlanWeek, WeekMeeting } from "@/lib/timetable/schema";
import { hueEdge } from "./course-hue";
import { ownBeside, type SectionGhost } from "./section-ghost";

/**
 * A week that repeats as a small drawing: the student's own classes, and over them the section that is looked at as it
 * would stand there. What the drawing shows is always said in words beside it. For server and client.
 */
export function WeekDrawing({
  week,
  ghost,
  meetings,
  days,
  className,
}: {
  week: PlanWeek;
  ghost: SectionGhost | null;
  /** The classes of the section that is looked at. */
  meetings: readonly WeekMeeting[];
  /** Short names, Monday first. */
  days: readonly string[];
  /** The height of the hours. */
  className: string;
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
      <div
        className={clsx(
          "grid auto-cols-fr grid-flow-col border-y border-e border-border bg-[repeating-linear-gradient(to_bottom,var(--border)_0_1px,transparent_1px_calc(100%/var(--hours)))]",
          className,
        )}
      >
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
