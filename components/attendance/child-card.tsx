import { useTranslations } from "next-intl";
import { AttendanceTag } from "@/components/patterns/status-tags";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { Disclosure } from "@/components/ui/disclosure";
import { CalendarOff, Check, CircleDashed, Clock, FileCheck, Icon, type IconGlyph, X } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import type { AttendanceStatus } from "@/lib/attendance/schema";
import { TermSentence } from "./attendance-history";
import { type ChangedClass, ClassChangeNote } from "./class-change-note";
import { clockText } from "./times";

type CardClass = {
  classSessionId: string;
  title: string;
  startsAt: string;
  isCancelled: boolean;
  status: AttendanceStatus | null;
  minutesLate: number | null;
  change?: ChangedClass;
};
type Marked = { kind: "marked"; last: CardClass & { status: AttendanceStatus }; earlierAbsences: readonly CardClass[] };
/** What is known about a child today; the answer of the module, as it stands. */
type CardAnswer =
  | { kind: "none" }
  | { kind: "ahead"; next: CardClass }
  | { kind: "unknown"; waiting: CardClass }
  | (Marked & { where: "inClass" | "over" })
  | (Marked & { where: "unmarked"; waiting: CardClass });
type Child = {
  id: string;
  name: string;
  answer: CardAnswer;
  classes: readonly CardClass[];
  term: { total: number; absent: number; late: number };
};

const looks: Record<AttendanceStatus | "unknown" | "ahead" | "none", { icon: IconGlyph; className: string }> = {
  PRESENT: { icon: Check, className: "bg-present-tint text-present-fg" },
  ABSENT: { icon: X, className: "bg-absent-solid text-absent-on" },
  LATE: { icon: Clock, className: "bg-late-tint text-late-fg" },
  EXCUSED: { icon: FileCheck, className: "bg-excused-tint text-excused-fg" },
  unknown: { icon: CircleDashed, className: "border border-dashed border-control text-muted" },
  ahead: { icon: Clock, className: "bg-sunken text-muted" },
  none: { icon: CalendarOff, className: "bg-sunken text-muted" },
};

/** One child: today in one sentence with its sign, the day's classes, the term in one sentence, and the history. `date` is today. */
export function ChildCard({ child, date }: { child: Child; date: string }) {
  const t = useTranslations("family");
  const { answer } = child;
  const look = looks[answer.kind === "marked" ? answer.last.status : answer.kind];
  return (
    <Card as="article" aria-labelledby={`child-${child.id}`} className="flex flex-col gap-4">
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
          <Besides answer={answer} />
        </div>
      </div>
      {child.classes.length > 1 || child.classes.some(({ change }) => change) ? (
        <Disclosure summary={t("classesToday", { count: child.classes.length })}>
          <ClassesToday classes={child.classes} date={date} />
        </Disclosure>
      ) : null}
      <div className="mt-auto flex flex-wrap items-center justify-between gap-3 border-t border-border pt-4">
        <TermSentence term={child.term} />
        <LinkButton href={`/family/${child.id}`}>{t("history", { name: child.name })}</LinkButton>
      </div>
    </Card>
  );
}

function Sentence({ answer }: { answer: Child["answer"] }) {
  const t = useTranslations("family.today");
  switch (answer.kind) {
    case "none":
      return t("none");
    case "ahead":
      return t("ahead", { title: answer.next.title, time: clockText(answer.next.startsAt) });
    case "unknown":
      return t("unknown", { time: clockText(answer.waiting.startsAt) });
    case "marked": {
      const { where, last } = answer;
      const { status, title, minutesLate } = last;
      const values = { title, where, time: clockText(last.startsAt) };
      if (status === "LATE" && minutesLate !== null) return t("LATE_MINUTES", { ...values, minutes: minutesLate });
      return t(status, values);
    }
  }
}

/** What the newest mark does not say: a class that nobody has marked since, and what was missed before. */
function Besides({ answer }: { answer: Child["answer"] }) {
  const t = useTranslations("family.today");
  if (answer.kind !== "marked") return null;
  return (
    <>
      {answer.where === "unmarked" ? (
        <p className="text-muted">{t("unknown", { time: clockText(answer.waiting.startsAt) })}</p>
      ) : null}
      {answer.earlierAbsences.map(({ classSessionId, title, startsAt }) => (
        <p key={classSessionId} className="text-absent-fg">
          {t("ABSENT", { title, time: clockText(startsAt) })}
        </p>
      ))}
    </>
  );
}

function ClassesToday({ classes, date }: { classes: Child["classes"]; date: string }) {
  const t = useTranslations("family");
  return (
    <ul className="grid gap-2">
      {classes.map((item) => (
        <li key={item.classSessionId} className="grid min-h-8 grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3">
          <time dateTime={item.startsAt} className="text-muted tabular">
            {clockText(item.startsAt)}
          </time>
          <span className="grid justify-items-start">
            <span className={item.isCancelled ? "text-muted line-through" : undefined}>{item.title}</span>
            {item.change ? <ClassChangeNote session={item.change} seenOn={date} /> : null}
          </span>
          {item.isCancelled ? (
            item.change?.cancellation ? (
              <Badge>{t("cancelled")}</Badge>
            ) : null
          ) : (
            <AttendanceTag status={item.status} minutesLate={item.minutesLate} size="sm" />
          )}
        </li>
      ))}
    </ul>
  );
}
