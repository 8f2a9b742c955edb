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
  const isOpenOnly = address.availability !== "all";
  if (chips.length === 0 && choices.terms.length === 0) {
    return (
      <EmptyState icon={icon} title={t("empty.noneTitle")}>
        {t("empty.noneBody")}
      </EmptyState>
    );
  }
  const query = new URLSearchParams(Object.entries(address).flatMap(([key, value]) => (value ? [[key, value]] : [])));
  query.set("availability", "all");
  return (
    <EmptyState
      icon={icon}
      title={t("empty.title")}
      action={
        <>
          {chips
            .filter((chip) => chip.key !== "availability")
            .map((chip) => (
              <LinkButton key={chip.key} size="sm" href={chip.hrefWithout}>
                {t("empty.without", { filter: chip.label })}
              </LinkButton>
            ))}
          {isOpenOnly ? (
            <LinkButton size="sm" href={`/sections?${query.toString()}`}>
              {t("empty.without", { filter: t("availability.open") })}
            </LinkButton>
          ) : null}
        </>
      }
    >
      {t("empty.tryWithout")}
    </EmptyState>
  );
}
