import { useTranslations } from "next-intl";
import clsx from "clsx";
import { SlidersHorizontal } from "lucide-react";
import { FilterBar } from "@/components/patterns/filter-bar";
import { Checkbox } from "@/components/ui/choice";
import { buttonClass } from "@/components/ui/button-class";
import { Icon } from "@/components/ui/icon";
import { TextField } from "@/components/ui/input";
import { SelectField } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { type SectionAddress, sectionsHref } from "./section-address";

const SHEET = "section-filters";
const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

export interface SectionFiltersProps {
  address: SectionAddress;
  choices: { subjects: readonly string[]; terms: readonly { id: string; title: string }[] };
  total: number;
}

/** The filters of the section list as a GET form, what is active as chips, and the number of results. */
export function SectionFilters({ address, choices, total }: SectionFiltersProps) {
  const t = useTranslations("sections");
  const chips = useFilterChips(address, choices);
  return (
    <FilterBar
      action="/sections"
      label={t("filters")}
      active={chips}
      clearHref="/sections"
      resultText={t("results", { count: total })}
    >
      <TextField
        name="q"
        type="search"
        label={t("search")}
        defaultValue={address.q ?? ""}
        placeholder={t("searchHint")}
        maxLength={100}
        className="min-w-0 basis-44 grow"
      />
      <button
        type="button"
        popoverTarget={SHEET}
        className={clsx(buttonClass({ variant: "secondary" }), "min-h-11 md:hidden")}
      >
        <Icon icon={SlidersHorizontal} size="sm" />
        {t("moreFilters")}
      </button>
      <FilterSheet address={address} choices={choices} />
    </FilterBar>
  );
}

/** On a phone a sheet from the foot, opened by a button without script; else fields in the row. */
function FilterSheet({ address, choices }: Omit<SectionFiltersProps, "total">) {
  const t = useTranslations("sections");
  const tUi = useTranslations("ui");
  return (
    <div
      id={SHEET}
      popover="auto"
      role="group"
      aria-label={t("moreFilters")}
      className="max-md:inset-x-0 max-md:z-40 max-md:top-auto max-md:bottom-0 max-md:m-0 max-md:w-full max-md:max-w-none max-md:gap-4 max-md:rounded-t-xl max-md:border-t max-md:border-border max-md:bg-surface max-md:p-4 max-md:text-text max-md:shadow-float max-md:[&:popover-open]:grid md:contents"
    >
      <SelectField name="subject" label={t("subject")} defaultValue={address.subject ?? ""}>
        <option value="">{t("anySubject")}</option>
        {choices.subjects.map((subject) => (
          <option key={subject}>{subject}</option>
        ))}
      </SelectField>
      {choices.terms.length < 2 ? null : (
        <SelectField name="termId" label={t("term")} defaultValue={address.termId ?? ""}>
          <option value="">{t("anyTerm")}</option>
          {choices.terms.map((term) => (
            <option key={term.id} value={term.id}>
              {term.title}
            </option>
          ))}
        </SelectField>
      )}
      <SelectField name="day" label={t("day")} defaultValue={address.day ?? ""}>
        <option value="">{t("anyDay")}</option>
        {DAYS.map((day) => (
          <option key={day} value={day}>
            {t(`dayLong.${day}`)}
          </option>
        ))}
      </SelectField>
      <SelectField name="availability" label={t("seats")} defaultValue={address.availability ?? "open"}>
        <option value="open">{t("availability.open")}</option>
        <option value="all">{t("availability.all")}</option>
      </SelectField>
      <Checkbox
        name="fitsMySchedule"
        value="true"
        id="fitsMySchedule"
        label={t("fitsMySchedule")}
        defaultChecked={address.fitsMySchedule === "true"}
        className="min-h-11 items-center"
      />
      <SubmitButton className="md:hidden">{tUi("showResults")}</SubmitButton>
    </div>
  );
}

/** What is filtered now; each with the address of the page without it. */
export function useFilterChips(address: SectionAddress, choices: SectionFiltersProps["choices"]) {
  const t = useTranslations("sections");
  const term = choices.terms.find(({ id }) => id === address.termId);
  const labels: Partial<Record<keyof SectionAddress, string>> = {
    ...(address.q ? { q: t("chipSearch", { text: address.q }) } : {}),
    ...(address.subject ? { subject: address.subject } : {}),
    ...(address.termId ? { termId: term?.title ?? t("term") } : {}),
    ...(address.day ? { day: t(`dayLong.${address.day}`) } : {}),
    ...(address.availability === "all" ? { availability: t("availability.all") } : {}),
    ...(address.fitsMySchedule === "true" ? { fitsMySchedule: t("fitsMySchedule") } : {}),
  };
  return (Object.keys(labels) as (keyof SectionAddress)[]).map((key) => ({
    key,
    label: labels[key] ?? "",
    hrefWithout: sectionsHref({ ...address, [key]: undefined, cursor: undefined }),
  }));
}
