import { CalendarOff, Check, CircleDashed, Clock, FileCheck, type LucideIcon, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Avatar } from "@/components/ui/avatar";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import type { AttendanceStatus } from "@/lib/attendance/schema";
import { TermSentence } from "./attendance-history";
import { clockText } from "./times";

type CardClass = { classSessionId: string; title: string; startsAt: string; minutesLate: number | null };
/** What is known about a child today; the answer of the module, as it stands. */
export type CardAnswer =
  | { kind: "none" }
  | { kind: "ahead"; next: CardClass }
  | { kind: "unknown"; waiting: CardClass }
  | { kind: "marked"; last: CardClass & { status: AttendanceStatus }; earlierAbsences: readonly CardClass[] };

const looks: Record<AttendanceStatus | "unknown" | "ahead" | "none", { icon: LucideIcon; className: string }> = {
  PRESENT: { icon: Check, className: "bg-present-tint text-present-fg" },
  ABSENT: { icon: X, className: "bg-absent-solid text-absent-on" },
  LATE: { icon: Clock, className: "bg-late-tint text-late-fg" },
  EXCUSED: { icon: FileCheck, className: "bg-excused-tint text-excused-fg" },
  unknown: { icon: CircleDashed, className: "border border-dashed border-control text-muted" },
  ahead: { icon: Clock, className: "bg-sunken text-muted" },
  none: { icon: CalendarOff, className: "bg-sunken text-muted" },
};

/** One child: today in one sentence with its sign, the term in one sentence, and the way to the history. */
export function ChildCard({
  child,
}: {
  child: { id: string; name: string; answer: CardAnswer; term: { total: number; absent: number; late: number } };
}) {
  const t = useTranslations("family");
  const { answer } = child;
  const look = looks[answer.kind === "marked" ? answer.last.status : answer.kind];
  const absences = answer.kind === "marked" ? answer.earlierAbsences : [];
  return (
    <Card as="article" aria-labelledby={`child-${child.id}`} className="grid content-start gap-4">
      <div className="flex items-center gap-3">
        <Avatar name={child.name} />
        <h2 id={`child-${child.id}`} className="min-w-0 text-xl">
          {child.name}
        </h2>
      </div>
      <div className="flex items-start gap-3">
        <span
          className={`mt-0.5 inline-flex size-9 shrink-0 items-center justify-center rounded-full ${look.className}`}
        >
          <Icon icon={look.icon} />
        </span>
        <div className="grid min-h-10 min-w-0 flex-1 content-center gap-1">
          <p className="text-lg font-medium">
            <Sentence answer={answer} />
          </p>
          {absences.map((absence) => (
            <p key={absence.classSessionId} className="text-absent-fg">
              {t("earlierAbsence", { title: absence.title, time: clockText(absence.startsAt) })}
            </p>
          ))}
        </div>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3 border-t border-border pt-4">
        <TermSentence term={child.term} />
        <LinkButton href={`/family/${child.id}`}>{t("history", { name: child.name })}</LinkButton>
      </div>
    </Card>
  );
}

function Sentence({ answer }: { answer: CardAnswer }) {
  const t = useTranslations("family.today");
  switch (answer.kind) {
    case "none":
      return t("none");
    case "ahead":
      return t("ahead", { title: answer.next.title, time: clockText(answer.next.startsAt) });
    case "unknown":
      return t("unknown", { time: clockText(answer.waiting.startsAt) });
    case "marked": {
      const { status, title, startsAt, minutesLate } = answer.last;
      const time = clockText(startsAt);
      if (status === "LATE" && minutesLate !== null) return t("LATE_MINUTES", { title, time, minutes: minutesLate });
      return t(status, { title, time });
    }
  }
}
