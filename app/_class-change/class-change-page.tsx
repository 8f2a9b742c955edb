import { getLocale, getTranslations } from "next-intl/server";
import { ClassChangeNote } from "@/components/attendance/class-change-note";
import { clockText, dayText } from "@/components/attendance/times";
import { FieldsForm } from "@/components/patterns/forms/fields-form";
import { PageHeader, SectionHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { ArrowLeft, Icon } from "@/components/ui/icon";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextLink } from "@/components/ui/text-link";
import type { ClassChangeView } from "@/lib/attendance/class-changes/class-change-view";
import { cancelClassAction, moveClassAction, restoreClassAction } from "./actions";

/** Who is notified, as a list: "30 students, 1 guardian and 2 teachers". */
function reachText(
  t: Awaited<ReturnType<typeof getTranslations<"calendar.change">>>,
  locale: string,
  { students, guardians, teachers }: ClassChangeView["reach"],
  place: "office" | "teacher",
): string {
  const parts = [
    { count: students, words: "students" },
    { count: guardians, words: "guardians" },
    { count: teachers, words: place === "office" ? "teachers" : "otherTeachers" },
  ] as const;
  const told = parts.filter(({ count, words }) => count > 0 || words === "students");
  return new Intl.ListFormat(locale).format(told.map(({ count, words }) => t(`reach.${words}`, { count })));
}

const DONE = ["cancelled", "moved", "restored"] as const;
const PROBLEMS = ["overlap", "MARKED", "FINALIZED", "SECTION_CANCELLED", "DAY_OFF"] as const;

/** One class with the forms that cancel, move and restore it; the same for the office and for its teachers. */
export async function ClassChangePage({
  view,
  place,
  back,
  query,
}: {
  view: ClassChangeView;
  place: "office" | "teacher";
  back: string;
  query: Record<string, string | string[] | undefined>;
}) {
  const [t, locale] = await Promise.all([getTranslations("calendar.change"), getLocale()]);
  const { classSession: session, lock } = view;
  const { cancellation, movedFrom } = session;
  const hidden = { id: session.id, place };
  const done = DONE.find((word) => word === query["done"]);
  const problem = PROBLEMS.find((word) => word === query["problem"]) ?? "failed";
  const canRestore = lock === null && (cancellation?.cause === "CLASS" || (!cancellation && movedFrom !== null));
  const who = view.isOver ? t("over") : t("notified", { reach: reachText(t, locale, view.reach, place) });
  const words = { errorSummary: t("errorSummary") };
  const reason = {
    name: "reason",
    label: t("reason"),
    hint: t("reasonHint"),
    optionalLabel: t("optional"),
    maxLength: 200,
  };
  return (
    <>
      <PageHeader
        eyebrow={
          <TextLink href={back} quiet className="inline-flex min-h-8 items-center gap-1 pointer-coarse:min-h-11">
            <Icon icon={ArrowLeft} size="sm" className="rtl:-scale-x-100" />
            {t("back")}
          </TextLink>
        }
        title={session.section.title}
        description={[
          dayText(session.date, locale),
          `${clockText(session.startsAt)}–${clockText(session.endsAt)}`,
          session.section.code,
          session.location,
        ]
          .filter(Boolean)
          .join(" · ")}
      />
      <div className="grid max-w-reading gap-8">
        {done === undefined ? null : (
          <Alert tone="success" role="status">
            {t(`done.${done}`)} {who}
          </Alert>
        )}
        {query["problem"] === undefined ? null : (
          <Alert tone="error" role="alert">
            {t(`problem.${problem}`)}
          </Alert>
        )}
        {lock === null ? null : <Alert tone="warning">{t(`problem.${lock}`)}</Alert>}
        {cancellation || movedFrom ? (
          <div className="grid justify-items-start gap-3">
            <ClassChangeNote session={session} />
            {canRestore ? (
              <form action={restoreClassAction}>
                <input type="hidden" name="id" value={session.id} />
                <input type="hidden" name="place" value={place} />
                <SubmitButton variant="secondary" pendingLabel={t("restoring")}>
                  {cancellation || !movedFrom
                    ? t("restoreCancelled")
                    : t("restoreMoved", {
                        day: dayText(movedFrom.date, locale, "short"),
                        time: clockText(movedFrom.startsAt),
                      })}
                </SubmitButton>
              </form>
            ) : null}
          </div>
        ) : null}
        {lock !== null ? null : (
          <>
            {cancellation ? null : (
              <section aria-labelledby="cancel">
                <SectionHeader id="cancel" title={t("cancelTitle")} />
                <p className="mb-4 text-muted">{who}</p>
                <FieldsForm
                  id="cancel"
                  action={cancelClassAction}
                  hidden={hidden}
                  tone="danger"
                  fields={[reason]}
                  words={{ ...words, submit: t("cancel"), submitting: t("cancelling") }}
                />
              </section>
            )}
            <section aria-labelledby="move">
              <SectionHeader id="move" title={t("moveTitle")} />
              <p className="mb-4 text-muted">{view.isOver ? null : who}</p>
              <FieldsForm
                id="move"
                action={moveClassAction}
                hidden={hidden}
                fields={[
                  { name: "date", type: "date", label: t("date"), value: session.date, isRow: true },
                  { name: "startsAt", type: "time", label: t("startsAt"), value: clockText(session.startsAt) },
                  { name: "endsAt", type: "time", label: t("endsAt"), value: clockText(session.endsAt) },
                  {
                    name: "location",
                    label: t("room"),
                    optionalLabel: t("optional"),
                    value: session.location ?? "",
                    maxLength: 100,
                  },
                  reason,
                ]}
                words={{ ...words, submit: t("move"), submitting: t("moving"), anyway: t("moveAnyway") }}
              />
            </section>
          </>
        )}
      </div>
    </>
  );
}
