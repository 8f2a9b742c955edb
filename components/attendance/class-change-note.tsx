import { useLocale, useTranslations } from "next-intl";
import { ArrowRight, Ban, Icon } from "@/components/ui/icon";
import { clockText, dayText } from "./times";

export interface ChangedClass {
  date: string;
  startsAt: string;
  location: string | null;
  cancellation: { cause: "DAY_OFF" | "CLASS" | "SECTION"; reason: string | null } | null;
  movedFrom: { date: string; startsAt: string; location: string | null } | null;
}

/**
 * What became of a class in words: why it is cancelled, where it was before, or, seen on the day that it was moved away
 * from (`seenOn`), where it is now. Nothing for a class that is as planned.
 */
export function ClassChangeNote({ session, seenOn }: { session: ChangedClass; seenOn?: string | undefined }) {
  const t = useTranslations("calendar.state");
  const locale = useLocale();
  const { cancellation, movedFrom } = session;
  const at = (place: { date: string; startsAt: string }) => ({
    day: dayText(place.date, locale, "short"),
    time: clockText(place.startsAt),
  });
  if (cancellation) {
    const { cause, reason } = cancellation;
    const words =
      cause === "DAY_OFF"
        ? t("noSchool", { title: reason ?? "" })
        : cause === "SECTION"
          ? t("sectionCancelled")
          : reason === null
            ? t("cancelled")
            : t("cancelledWhy", { reason });
    return <Note icon={Ban}>{words}</Note>;
  }
  if (!movedFrom) return null;
  if (seenOn !== undefined && session.date !== seenOn)
    return <Note icon={ArrowRight}>{t("movedTo", at(session))}</Note>;
  if (movedFrom.startsAt === session.startsAt) return <Note icon={ArrowRight}>{t("newRoom")}</Note>;
  return (
    <Note icon={ArrowRight}>
      {movedFrom.date === session.date
        ? t("movedFromTime", { time: clockText(movedFrom.startsAt) })
        : t("movedFrom", at(movedFrom))}
    </Note>
  );
}

function Note({ icon, children }: { icon: typeof Ban; children: string }) {
  return (
    <span className="inline-flex min-w-0 items-start gap-1 text-sm text-text">
      <Icon icon={icon} size="sm" className="mt-0.5 text-muted rtl:-scale-x-100" />
      <span className="min-w-0 wrap-anywhere">{children}</span>
    </span>
  );
}
