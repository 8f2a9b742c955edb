import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { notFound } from "next/navigation";
import { ClassChangeNote } from "@/components/attendance/class-change-note";
import { clockText, dayText } from "@/components/attendance/times";
import { EmptyState } from "@/components/patterns/empty-state";
import { PageHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { CalendarDays, ChevronLeft, ChevronRight, Icon } from "@/components/ui/icon";
import { TextField } from "@/components/ui/input";
import { LinkButton } from "@/components/ui/link-button";
import { TextLink } from "@/components/ui/text-link";
import { DAY_LIMIT, officeDay } from "@/lib/attendance/class-changes/class-change-view";
import { dateSchema } from "@/lib/shared/schema";
import { pageContext, titleIsFor } from "@/lib/web/page/page-guard";
import type { PageInput } from "@/lib/web/page/page-props";

export async function generateMetadata({ params }: PageInput<"date">): Promise<Metadata> {
  await titleIsFor(["ADMIN"]);
  const { date } = await params;
  if (!dateSchema.safeParse(date).success) return {};
  const [t, locale] = await Promise.all([getTranslations("calendar.day"), getLocale()]);
  return { title: { absolute: t("metaTitle", { day: dayText(date, locale, "short") }) } };
}

/** The classes of one day, for the office, each with the way to cancel or move it. Works without script. */
export default async function CalendarDayPage({ params, searchParams }: PageInput<"date">) {
  const { date } = await params;
  const ctx = await pageContext(`/admin/calendar/${date}`, ["ADMIN"]);
  if (!dateSchema.safeParse(date).success || date < "1900-01-02" || date > "2999-12-30") notFound();
  const { q } = await searchParams;
  const query = typeof q === "string" ? q.slice(0, 100) : "";
  const [t, tState, tOffice, locale, day] = await Promise.all([
    getTranslations("calendar.day"),
    getTranslations("calendar.state"),
    getTranslations("calendar.office"),
    getLocale(),
    officeDay(ctx, { date, query }),
  ]);
  return (
    <>
      <PageHeader
        breadcrumbs={[{ href: "/admin/calendar", label: tOffice("title") }]}
        title={t("title", { day: dayText(date, locale) })}
        actions={
          <>
            <LinkButton href={`/admin/calendar/${day.previous}`} iconOnly aria-label={t("previous")}>
              <Icon icon={ChevronLeft} className="rtl:-scale-x-100" />
            </LinkButton>
            <LinkButton href={`/admin/calendar/${day.next}`} iconOnly aria-label={t("next")}>
              <Icon icon={ChevronRight} className="rtl:-scale-x-100" />
            </LinkButton>
          </>
        }
      />
      <div className="grid max-w-4xl gap-5">
        {day.dayOff === null ? null : <Alert>{tState("noSchool", { title: day.dayOff })}</Alert>}
        <form className="flex max-w-form items-end gap-2" role="search">
          <TextField name="q" type="search" label={t("search")} defaultValue={query} className="flex-1" />
          <Button type="submit" className="min-h-11!">
            {t("show")}
          </Button>
        </form>
        {day.classes.length === 0 ? (
          <EmptyState
            icon={CalendarDays}
            title={t("emptyTitle")}
            action={query === "" ? undefined : <LinkButton href={`/admin/calendar/${date}`}>{t("showAll")}</LinkButton>}
          >
            {query === "" ? t("emptyBody") : t("emptyFilter", { query })}
          </EmptyState>
        ) : (
          <ul aria-label={t("caption")} className="overflow-clip rounded-lg border border-border bg-surface">
            {day.classes.map((session) => {
              const time = `${clockText(session.startsAt)}–${clockText(session.endsAt)}`;
              const isOff = session.state === "CANCELLED";
              return (
                <li
                  key={session.id}
                  className="grid min-h-14 items-center gap-x-4 gap-y-1 border-t border-border px-4 py-2 first:border-t-0 sm:grid-cols-[7rem_minmax(0,1fr)_minmax(0,1fr)_auto]"
                >
                  <span className="text-sm text-muted tabular">{time}</span>
                  <span className="min-w-0">
                    <span className={`block font-medium wrap-anywhere ${isOff ? "line-through" : ""}`}>
                      {session.section.title}
                    </span>
                    <span className="text-sm text-muted">
                      {[session.section.code, session.location].filter(Boolean).join(" · ")}
                    </span>
                  </span>
                  <ClassChangeNote session={session} />
                  <TextLink
                    href={`/admin/classes/${session.id}`}
                    className="inline-flex min-h-8 items-center sm:col-start-4 pointer-coarse:min-h-11"
                    aria-label={t("changeLabel", { section: session.section.code, time })}
                  >
                    {t("change")}
                  </TextLink>
                </li>
              );
            })}
          </ul>
        )}
        {day.hasMore ? <p className="text-muted">{t("limited", { limit: DAY_LIMIT })}</p> : null}
      </div>
    </>
  );
}
