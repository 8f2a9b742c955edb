import type { LucideIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import type { SectionAddress } from "@/components/catalog/section-address";
import { useFilterChips } from "@/components/catalog/section-filters";
import { EmptyState } from "@/components/patterns/empty-state";
import { LinkButton } from "@/components/ui/link-button";

/** Nothing found: offers the list without each of the filters; or nothing there at all: says who opens sections. */
export function NoSections({
  address,
  choices,
  icon,
}: {
  address: SectionAddress;
  choices: { subjects: readonly string[]; terms: readonly { id: string; title: string }[] };
  icon: LucideIcon;
}) {
  const t = useTranslations("sections");
  const chips = useFilterChips(address, choices);
  if (choices.terms.length === 0) {
    return (
      <EmptyState icon={icon} title={t("empty.noneTitle")}>
        {t("empty.noneBody")}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={icon}
      title={t("empty.title")}
      action={chips.map((chip) => (
        <LinkButton key={chip.key} size="sm" href={chip.hrefWithout} scroll={false}>
          {t("empty.without", { filter: chip.label })}
        </LinkButton>
      ))}
    >
      {t("empty.tryWithout")}
    </EmptyState>
  );
}
