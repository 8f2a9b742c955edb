import type { IconGlyph } from "@/components/ui/icon";
import { useTranslations } from "next-intl";
import { type SectionAddress, sectionsHref } from "@/components/catalog/section-address";
import { useFilterChips } from "@/components/catalog/section-filters";
import { EmptyState } from "@/components/patterns/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import type { SectionBrowser } from "@/lib/timetable/list-sections";

/**
 * Nothing found: offers the list without each filter that would help, and says how much there is then; or nothing there at
 * all: says who opens sections.
 */
export function NoSections({
  address,
  choices,
  helps,
  icon,
}: Pick<SectionBrowser, "choices" | "helps"> & { address: SectionAddress; icon: IconGlyph }) {
  const t = useTranslations("sections");
  const chips = useFilterChips(address, choices);
  if (choices.terms.length === 0) {
    return (
      <EmptyState icon={icon} title={t("empty.noneTitle")}>
        {t("empty.noneBody")}
      </EmptyState>
    );
  }
  const offers = helps.flatMap(({ key, count }) => {
    const chip = chips.find((one) => one.key === key);
    return chip ? [{ ...chip, count }] : [];
  });
  if (offers.length === 0) {
    return (
      <EmptyState
        icon={icon}
        title={t("empty.title")}
        action={
          <LinkButton size="sm" href={sectionsHref({ availability: "all" })} scroll={false}>
            {t("empty.showAll")}
          </LinkButton>
        }
      >
        {t("empty.noneHelps")}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={icon}
      title={t("empty.title")}
      action={offers.map(({ key, label, count, hrefWithout }) => (
        <LinkButton key={key} size="sm" href={hrefWithout} scroll={false}>
          {t("empty.without", { filter: label, count })}
        </LinkButton>
      ))}
    >
      {t("empty.tryWithout")}
    </EmptyState>
  );
}
