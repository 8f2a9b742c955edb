import clsx from "clsx";
import { useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import { ChevronRight, Icon } from "@/components/ui/icon";
import type { ClassSessionDto } from "@/lib/attendance/schema";
import { ClassChangeNote } from "./class-change-note";
import { ClassStateTag } from "./class-state-tag";
import { clockText, dayText } from "./times";

/** Classes as a list of links to their grids, each with how far its marking is. */
export function ClassList({
  sessions,
  label,
  opensAt,
  withDate = false,
  seenOn,
}: {
  sessions: readonly ClassSessionDto[];
  /** Id of the heading. */
  label: string;
  /** When a class opens for marking, ISO 8601 with the school's offset. */
  opensAt: (session: ClassSessionDto) => string;
  withDate?: boolean;
  /** The local date of the list: a class that was moved to another is shown with where it is now. */
  seenOn?: string;
}) {
  const t = useTranslations("attendance.today");
  const locale = useLocale();
  return (
    <ul aria-labelledby={label} className="overflow-clip rounded-lg border border-border bg-surface">
      {sessions.map((session) => (
        <li key={session.id} className="border-t border-border first:border-t-0">
          <Link
            href={`/classes/${session.id}`}
            className="grid min-h-16 grid-cols-[minmax(0,1fr)_auto_auto] items-center gap-x-3 px-4 py-2.5 -outline-offset-2 hover:bg-sunken sm:grid-cols-[8rem_minmax(0,1fr)_auto_auto]"
          >
            <span className="text-sm text-muted tabular max-sm:col-span-3">
              {withDate ? `${dayText(session.date, locale, "short")}, ` : null}
              <time dateTime={session.startsAt}>{clockText(session.startsAt)}</time>–
              <time dateTime={session.endsAt}>{clockText(session.endsAt)}</time>
            </span>
            <span className="min-w-0">
              <span className={clsx("line-clamp-2 font-medium", session.state === "CANCELLED" && "line-through")}>
                {session.section.title}
              </span>
              <span className="text-sm text-muted">
                {[session.section.code, session.location, t("students", { count: session.enrolled })]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
              {session.cancellation || session.movedFrom ? (
                <span className="block">
                  <ClassChangeNote session={session} seenOn={seenOn} />
                </span>
              ) : null}
            </span>
            <ClassStateTag session={session} opensAt={opensAt(session)} />
            <Icon icon={ChevronRight} size="sm" className="text-faint rtl:-scale-x-100" />
          </Link>
        </li>
      ))}
    </ul>
  );
}
