import { useFormatter, useLocale, useTranslations } from "next-intl";
import { meetingLines } from "@/components/catalog/meeting-lines";
import { DescriptionList } from "@/components/patterns/description-list";
import { Card } from "@/components/ui/card";
import type { SectionView } from "@/lib/timetable/schema";
import { dayWords } from "@/messages/dates";

/** What there is to know about a section before one takes it. */
export function SectionFacts({ view }: { view: SectionView }) {
  const t = useTranslations("sections");
  const format = useFormatter();
  const locale = useLocale();
  const { section } = view;
  const date = (text: string) => dayWords(text, locale, { day: "numeric", month: "short", year: "numeric" });
  const lines = meetingLines(section.meetings, (day) => t(`dayLong.${day}`));
  return (
    <Card as="section" padding="md">
      <h2 className="mb-3 text-lg">{t("detail.about")}</h2>
      <DescriptionList
        items={[
          {
            term: t("detail.meetings"),
            value:
              lines.length === 0
                ? t("noTime")
                : lines.map((line) => (
                    <span key={line.key} className="block tabular">
                      {line.days} {line.time}
                      {line.location === null ? null : ` · ${line.location}`}
                    </span>
                  )),
          },
          ...(view.weeks === null ? [] : [{ term: t("detail.weeks"), value: t("someWeeks", view.weeks) }]),
          {
            term: t("detail.teachers"),
            value: section.teachers.map((teacher) => teacher.name).join(", ") || t("noTeacher"),
          },
          {
            term: t("detail.term"),
            value: section.terms.map((term) => (
              <span key={term.id} className="block">
                {t("detail.termDates", { title: term.title, from: date(term.startsOn), to: date(term.endsOn) })}
              </span>
            )),
          },
          ...(section.course.subject === null ? [] : [{ term: t("detail.subject"), value: section.course.subject }]),
          ...(section.course.credits === null
            ? []
            : [{ term: t("detail.credits"), value: format.number(section.course.credits) }]),
        ]}
      />
    </Card>
  );
}
