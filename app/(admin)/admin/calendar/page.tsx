import { CalendarOff } from "@/components/ui/icon";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { monthText } from "@/components/attendance/times";
import { EmptyState } from "@/components/patterns/empty-state";
import { FieldsForm } from "@/components/patterns/forms/fields-form";
import { PageHeader, SectionHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/link-button";
import { officeCalendar } from "@/lib/catalog/calendar/office-calendar";
import { pageContext, titleIsFor } from "@/lib/web/page/page-guard";
import type { PageInput } from "@/lib/web/page/page-props";
import { DayOffRow } from "./_components/day-off-row";
import { HolidayImport } from "./_components/holiday-import";
import { addDayOffAction } from "./actions";

export async function generateMetadata(): Promise<Metadata> {
  await titleIsFor(["ADMIN"]);
  return { title: { absolute: (await getTranslations("calendar.office"))("metaTitle") } };
}

/** Days without school: what is in the calendar, adding and removing, holidays from a file. Works without script. */
export default async function CalendarPage({ searchParams }: PageInput) {
  const ctx = await pageContext("/admin/calendar", ["ADMIN"]);
  const [t, tImport, locale, calendar, query] = await Promise.all([
    getTranslations("calendar.office"),
    getTranslations("calendar.import"),
    getLocale(),
    officeCalendar(ctx),
    searchParams,
  ]);
  const months = Map.groupBy(calendar.daysOff, ({ startsOn }) => startsOn.slice(0, 7));
  const number = (name: string) => Number(typeof query[name] === "string" ? query[name] : 0) || 0;
  const added = calendar.daysOff.find(({ id }) => id === query["added"]);
  const kept = number("kept") > 0 ? ` ${t("kept", { kept: number("kept") })}` : "";
  const done = added
    ? t("added", { title: added.title, cancelled: number("cancelled") }) + kept
    : query["imported"] !== undefined
      ? t("imported", { added: number("imported"), changed: number("changed"), cancelled: number("cancelled") }) + kept
      : query["removed"] !== undefined
        ? t("removed", { count: number("removed") })
        : null;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={<LinkButton href={`/admin/calendar/${calendar.today}`}>{t("today")}</LinkButton>}
      />
      {done === null ? null : (
        <Alert tone="success" role="status" className="mb-6 max-w-reading">
          {done}
        </Alert>
      )}
      {query["problem"] === undefined ? null : (
        <Alert tone="error" role="alert" className="mb-6 max-w-reading">
          {query["problem"] === "gone" ? t("gone") : t("problem.failed")}
        </Alert>
      )}
      <div className="grid max-w-reading gap-10">
        <section aria-labelledby="days-off">
          <SectionHeader id="days-off" title={t("listTitle")} />
          {calendar.daysOff.length === 0 ? (
            <EmptyState icon={CalendarOff} title={t("emptyTitle")}>
              {t("emptyBody")}
            </EmptyState>
          ) : (
            <div className="grid gap-5">
              {[...months].map(([month, days]) => (
                <div key={month}>
                  <h3 id={`month-${month}`} className="mb-2 text-base">
                    {monthText(month, locale)}
                  </h3>
                  <ul
                    aria-labelledby={`month-${month}`}
                    className="overflow-clip rounded-lg border border-border bg-surface"
                  >
                    {days.map((day) => (
                      <DayOffRow key={day.id} day={day} calendar={calendar} />
                    ))}
                  </ul>
                </div>
              ))}
            </div>
          )}
        </section>
        <section aria-labelledby="add">
          <SectionHeader id="add" title={t("addTitle")} />
          <p className="mb-4 text-muted">{t("addNote")}</p>
          <FieldsForm
            id="add"
            action={addDayOffAction}
            fields={[
              { name: "from", type: "date", label: t("from") },
              { name: "to", type: "date", label: t("to"), optionalLabel: t("toOptional") },
              { name: "title", label: t("name"), hint: t("nameHint"), maxLength: 100 },
            ]}
            words={{ submit: t("add"), submitting: t("adding"), errorSummary: t("errorSummary") }}
          />
        </section>
        <section aria-labelledby="import">
          <SectionHeader id="import" title={tImport("title")} />
          <p className="mb-4 text-muted">{tImport("body")}</p>
          <HolidayImport
            words={{
              file: tImport("file"),
              fileHint: tImport("fileHint"),
              check: tImport("check"),
              checking: tImport("checking"),
              problemsTitle: tImport("problemsTitle"),
              problemsBody: tImport("problemsBody"),
              previewTitle: tImport("previewTitle"),
              leftOutTitle: tImport("leftOutTitle"),
              nothing: tImport("nothing"),
              confirming: tImport("confirming"),
            }}
          />
        </section>
      </div>
    </>
  );
}
