import clsx from "clsx";
import {
  Ban,
  Check,
  Circle,
  CircleDashed,
  Clock,
  FileCheck,
  Hourglass,
  Lock,
  Sparkle,
  type StatusGlyph,
  X,
} from "./icon";
import type { ReactNode } from "react";

export type AttendanceState = "PRESENT" | "ABSENT" | "LATE" | "EXCUSED" | "UNMARKED";
export type SectionState = "OPEN" | "WAITLIST" | "FULL" | "CLOSED";

interface Look {
  icon: StatusGlyph;
  className: string;
}

/** Weight and shape differ, not hue alone: the eye of a teacher lands on the absences. */
const attendance: Record<AttendanceState, Look> = {
  PRESENT: { icon: Check, className: "rounded-sm border-transparent text-present-fg" },
  ABSENT: { icon: X, className: "rounded-sm border-transparent bg-absent-solid text-absent-on" },
  LATE: { icon: Clock, className: "rounded-full border-transparent bg-late-tint text-late-fg" },
  EXCUSED: { icon: FileCheck, className: "rounded-sm border-dashed border-excused-fg bg-excused-tint text-excused-fg" },
  UNMARKED: { icon: CircleDashed, className: "rounded-full border-dashed border-control text-muted" },
};

const suggested: Record<AttendanceState, string> = {
  PRESENT: "border-present-fg text-present-fg",
  ABSENT: "border-absent-fg text-absent-fg",
  LATE: "border-late-fg text-late-fg",
  EXCUSED: "border-excused-fg text-excused-fg",
  UNMARKED: "border-control text-muted",
};

const section: Record<SectionState, Look> = {
  OPEN: { icon: Circle, className: "rounded-full border-transparent bg-present-tint text-present-fg" },
  WAITLIST: { icon: Hourglass, className: "rounded-full border-transparent bg-late-tint text-late-fg" },
  FULL: { icon: Ban, className: "rounded-full border-control bg-sunken text-text" },
  CLOSED: { icon: Lock, className: "rounded-full border-transparent bg-sunken text-muted" },
};

function Tag({ icon: Glyph, className, size, children }: Look & { size: "sm" | "md"; children: ReactNode }) {
  return (
    <span
      className={clsx("status-tag", size === "sm" ? "px-1.5 text-xs leading-5" : "px-2 text-sm leading-6", className)}
    >
      <Glyph className="size-3.5 shrink-0" bold aria-hidden="true" />
      {children}
    </span>
  );
}

export interface StatusTagProps {
  size?: "sm" | "md" | undefined;
  /** The word, in the reader's language. Never leave it out: status is not told by colour. */
  children: ReactNode;
}

/** Attendance status: icon, word, and a shape of its own. `isSuggested` is an outline and counts as not marked. */
export function AttendanceStatusTag({
  status,
  isSuggested = false,
  size = "md",
  children,
}: StatusTagProps & { status: AttendanceState; isSuggested?: boolean }) {
  const look = isSuggested
    ? { icon: Sparkle, className: `rounded-full border-dashed ${suggested[status]}` }
    : attendance[status];
  return (
    <Tag {...look} size={size}>
      {children}
    </Tag>
  );
}

/** Section status. Full is never red: it is nobody's fault. */
export function SectionStatusTag({ status, size = "md", children }: StatusTagProps & { status: SectionState }) {
  return (
    <Tag {...section[status]} size={size}>
      {children}
    </Tag>
  );
}

const tones = {
  good: "border-transparent bg-present-tint text-present-fg",
  warning: "border-transparent bg-late-tint text-late-fg",
  bad: "border-transparent bg-absent-tint text-absent-fg",
  info: "border-transparent bg-excused-tint text-excused-fg",
  neutral: "border-border bg-sunken text-muted",
} as const;

/** Any other state of a thing (delivery, import, class session): needs its own icon and word. */
export function StatusTag({
  tone = "neutral",
  icon,
  size = "md",
  children,
}: StatusTagProps & { tone?: keyof typeof tones; icon: StatusGlyph }) {
  return (
    <Tag icon={icon} className={`rounded-full ${tones[tone]}`} size={size}>
      {children}
    </Tag>
  );
}
