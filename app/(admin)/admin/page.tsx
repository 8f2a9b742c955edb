import type { Metadata } from "next";
import { getFormatter, getLocale, getTranslations } from "next-intl/server";
import { DataTable } from "@/components/patterns/data-table";
import { EmptyState } from "@/components/patterns/empty-state";
import { PageHeader, SectionHeader } from "@/components/patterns/page-header";
import { StatRow, StatTile } from "@/components/patterns/stat-tile";
import { LinkButton } from "@/components/ui/link-button";
import { mailMode } from "@/lib/notification/channels/email/mail-mode";
import { Seats } from "@/components/patterns/status-tags";
import { attendanceOverview } from "@/lib/attendance/sheet/day-counts";
import { enrollmentOverview } from "@/lib/enrollment/registration/seat-counts";
import { leftToDo } from "@/lib/identity/setup/left-to-do";
import { peopleOverview } from "@/lib/identity/people/people-counts";
import { getMe } from "@/lib/identity/people/get-me";
import { deliveryOverview } from "@/lib/notification/deliveries/delivery-counts";
import { keptFigures } from "@/lib/web/page/figures/kept-figures";
import { localDateOf } from "@/lib/shared/time";
import { pageContext, titleIsFor } from "@/lib/web/page/page-guard";
import { clockWords } from "@/messages/dates";
import { LeftToDo } from "./_components/left-to-do";

export async function generateMetadata(): Promise<Metadata> {
  await titleIsFor(["ADMIN"]);
  const t = await getTranslations("admin.overview");
  return { title: `${t("title")} – ${t("where")}` };
}

/** The office's first page: registration, today's classes, alerts and people, as figures counted from the rows. */
export default async function AdminOverviewPage() {
  const ctx = await pageContext("/admin", ["ADMIN"]);
  const { school } = await getMe(ctx);
  const date = localDateOf(ctx.now, school.timeZone);
  const [t, tMail, format, locale, { figures, at }, left] = await Promise.all([
    getTranslations("admin.overview"),
    getTranslations("admin.mail"),
    getFormatter(),
    getLocale(),
    keptFigures(`office ${school.id} ${date}`, ctx.now, () =>
      Promise.all([peopleOverview(ctx), enrollmentOverview(ctx), attendanceOverview(ctx, date), deliveryOverview(ctx)]),
    ),
    leftToDo(ctx),
  ]);
  const [people, enrollment, attendance, delivery] = figures;
  const time = clockWords(at, locale, school.timeZone);
  return (
    <>
      <PageHeader
        title={t("title")}
        eyebrow={school.name}
        description={t("description", { time })}
        actions={mailMode() === "folder" ? <LinkButton href="/admin/mail">{tMail("link")}</LinkButton> : undefined}
      />
      <div className="grid gap-8">
        <LeftToDo {...left} />
        <section aria-labelledby="registration">
          <SectionHeader id="registration" title={t("registration")} />
          <StatRow>
            <StatTile
              label={t("sections")}
              value={format.number(enrollment.sections)}
              hint={t("sectionsHint", { full: enrollment.full })}
            />
            <StatTile
              label={t("seats")}
              value={format.number(enrollment.taken)}
              hint={t("seatsHint", { seats: enrollment.seats })}
            />
            <StatTile
              label={t("overFilled")}
              value={format.number(enrollment.overFilled)}
              hint={enrollment.overFilled === 0 ? t("overFilledNone") : t("overFilledSome")}
            />
          </StatRow>
        </section>
        <section aria-labelledby="attendance">
          <SectionHeader id="attendance" title={t("attendance")} />
          <StatRow>
            <StatTile label={t("classes")} value={format.number(attendance.classes)} />
            <StatTile
              label={t("finalized")}
              value={format.number(attendance.finalized)}
              hint={t("finalizedHint", { classes: attendance.classes })}
            />
            <StatTile
              label={t("overdue")}
              value={format.number(attendance.overdue)}
              hint={t("overdueHint", { count: attendance.overdue })}
            />
            <StatTile label={t("absent")} value={format.number(attendance.absent)} hint={t("absentHint")} />
          </StatRow>
        </section>
        <section aria-labelledby="alerts">
          <SectionHeader id="alerts" title={t("alerts")} />
          <StatRow>
            <StatTile label={t("accepted")} value={format.number(delivery.accepted)} />
            <StatTile label={t("waiting")} value={format.number(delivery.waiting)} />
            <StatTile label={t("suppressed")} value={format.number(delivery.suppressed)} hint={t("suppressedHint")} />
            <StatTile
              label={t("failed")}
              value={format.number(delivery.dead + delivery.gone)}
              hint={t("failedHint", { gone: delivery.gone })}
            />
            <StatTile
              label={t("deadLetters")}
              value={format.number(delivery.deadLetters)}
              hint={t("deadLettersHint", { count: delivery.deadLetters })}
            />
          </StatRow>
        </section>
        <section aria-labelledby="people">
          <SectionHeader id="people" title={t("people")} />
          <StatRow>
            <StatTile
              label={t("students")}
              value={format.number(people.students)}
              hint={t("studentsHint", { count: people.studentsWithoutGuardian })}
            />
            <StatTile label={t("teachers")} value={format.number(people.teachers)} />
            <StatTile label={t("guardians")} value={format.number(people.guardians)} />
            <StatTile
              label={t("initialPasswords")}
              value={format.number(people.initialPasswords)}
              hint={t("initialPasswordsHint", { count: people.initialPasswords })}
            />
          </StatRow>
        </section>
        {/* No landmark of its own: the table below is a region with the same name. */}
        <div>
          <SectionHeader id="fullest" title={t("fullest")} />
          <DataTable
            caption={t("fullest")}
            rows={enrollment.fullest}
            rowKey={(section) => section.id}
            density="compact"
            empty={
              <EmptyState bare title={t("noSections")}>
                {t("noSectionsHelp")}
              </EmptyState>
            }
            columns={[
              { key: "code", header: t("section"), cell: (section) => section.code, primary: true },
              { key: "title", header: t("name"), cell: (section) => section.title },
              {
                key: "fill",
                header: t("fill"),
                numeric: true,
                cell: (section) => <Seats taken={section.taken} capacity={section.capacity} />,
              },
            ]}
          />
        </div>
      </div>
    </>
  );
}
