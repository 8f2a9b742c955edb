import { useFormatter, useTranslations } from "next-intl";
import type { SectionBrowser } from "@/lib/timetable/list-sections";

/** Says that the list is not what was typed, and what it is instead. */
export function Respelled({ changes }: { changes: NonNullable<SectionBrowser["respelled"]> }) {
  const t = useTranslations("sections.empty");
  const format = useFormatter();
  const list = (words: readonly string[]) =>
    format.list(
      words.map((word) => t("quoted", { word })),
      { type: "disjunction" },
    );
  return (
    <p className="mb-2 text-sm">
      {changes.map(({ typed, meant }) => (
        <span key={typed} className="me-2">
          {t("respelled", { typed, meant: list(meant) })}
        </span>
      ))}
    </p>
  );
}
