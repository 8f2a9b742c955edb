import { useLocale, useTranslations } from "next-intl";
import { Disclosure } from "@/components/ui/disclosure";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextLink } from "@/components/ui/text-link";
import type { OfficeCalendar, OfficeDayOff } from "@/lib/catalog/calendar/office-calendar";
import { removeDayOffAction } from "../actions";
import { daysText } from "../preview-state";

/** One day off: when, what, from where, and how to remove it, with what that does to whom. */
export function DayOffRow({ day, calendar }: { day: OfficeDayOff; calendar: OfficeCalendar }) {
  const t = useTranslations("calendar.office");
  const locale = useLocale();
  const isSoon = day.endsOn >= calendar.today && day.startsOn <= calendar.noticeUntil;
  return (
    <li className="grid gap-x-4 gap-y-1 border-t border-border px-4 py-3 first:border-t-0 sm:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <p className="font-medium wrap-anywhere">{day.title}</p>
        <p className="text-sm text-muted tabular">
          <TextLink quiet href={`/admin/calendar/${day.startsOn}`}>
            {daysText(day, locale)}
          </TextLink>
        </p>
        <p className="text-sm text-muted">
          {t(`source.${day.source}`)} · {t("cancelled", { count: day.classes })}
        </p>
      </div>
      <Disclosure
        name="remove"
        summary={
          <>
            {t("remove")}
            <span className="sr-only"> {day.title}</span>
          </>
        }
        className="sm:open:col-span-2"
      >
        <p className="mb-3 max-w-form text-sm">
          {t("removeBody", { count: day.classes, soon: isSoon ? "yes" : "no" })}
          {day.source === "ROSTER" ? ` ${t("removeRoster")}` : null}
        </p>
        <form action={removeDayOffAction}>
          <input type="hidden" name="id" value={day.id} />
          <SubmitButton
            variant="danger"
            size="sm"
            pendingLabel={t("removing")}
            aria-label={t("removeLabel", { title: day.title, count: day.classes })}
          >
            {t("removeConfirm", { count: day.classes })}
          </SubmitButton>
        </form>
      </Disclosure>
    </li>
  );
}
