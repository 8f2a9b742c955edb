import { useTranslations } from "next-intl";
import clsx from "clsx";
import type { ReactNode } from "react";
import { FilterBar } from "@/components/patterns/forms/filter-bar";
import { queryOf } from "@/components/patterns/forms/filter-query";
import { Checkbox } from "@/components/ui/choice";
import { buttonClass } from "@/components/ui/button-class";
import { CalendarDays, Icon, SlidersHorizontal } from "@/components/ui/icon";
import { TextField } from "@/components/ui/input";
import { SelectField } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { type SectionAddress, sectionsHref } from "./section-address";
import { WEEK_SHEET } from "./week-sheet";

const SHEET = "section-filters";
const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

export interface SectionFiltersProps {
  address: SectionAddress;
  choices: { subjects: readonly string[]; terms: readonly { id: string; title: string }[] };
  total: number;
  /** How many sections the student is in: the badge of the week's button. */
  taken: number;
  /** The title of the page, in one line with the results. */
  heading: ReactNode;
}

/** The filters of the section list, what is active as chips, and the number of results. */
export function SectionFilters({ address, choices, total, taken, heading }: SectionFiltersProps) {
  const t = useTranslations("sections");
  const chips = useFilterChips(address, choices);
  const inSheet = chips.filter((chip) => chip.key !== "q").length;
  return (
    <FilterBar
      action="/sections"
      label={t("filters")}
      query={queryOf(Object.entries({ ...address, cursor: undefined }))}
      defaults="availability=open"
      active={chips}
      clearHref={sectionsHref({ availability: "all" })}
      heading={heading}
      resultText={t("results", { count: total })}
    >
      <TextField
        name="q"
        type="search"
        label={t("search")}
        defaultValue={address.q ?? ""}
        placeholder={t("searchHint")}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        className="dense-field min-w-0 grow basis-full max-md:[&_label]:sr-only md:basis-44"
      />
      <button
        type="button"
        popoverTarget={SHEET}
        className={clsx(buttonClass({ variant: "secondary" }), "min-h-11 md:hidden")}
      >
        <Icon icon={SlidersHorizontal} size="sm" />
        {t("moreFilters", { count: inSheet })}
      </button>
      <button
        type="button"
        popoverTarget={WEEK_SHEET}
        className={clsx(buttonClass({ variant: "secondary" }), "min-h-11 max-md:grow min-[1200px]:hidden")}
      >
        <Icon icon={CalendarDays} size="sm" />
        {t("week", { count: taken })}
      </button>
      <FilterSheet address={address} choices={choices} total={total} />
    </FilterBar>
  );
}

/** On a phone a sheet from the foot, opened by a button without script; else fields in the row. */
function FilterSheet({ address, choices, total }: Pick<SectionFiltersProps, "address" | "choices" | "total">) {
  const t = useTranslations("sections");
  // What the address asks for stays a choice, also when no section has it now.
  const { subject, termId } = address;
  const subjects = [...new Set([...choices.subjects, ...(subject ? [subject] : [])])];
  const isOther = termId !== undefined && choices.terms.every(({ id }) => id !== termId);
  const terms = isOther ? [...choices.terms, { id: termId, title: t("otherTerm") }] : choices.terms;
  return (
    <div
      id={SHEET}
      popover="auto"
      role="group"
      aria-label={t("sheet")}
      className="max-md:inset-x-0 max-md:z-40 max-md:top-auto max-md:bottom-0 max-md:m-0 max-md:max-h-[85dvh] max-md:w-full max-md:max-w-none max-md:gap-4 max-md:overflow-y-auto max-md:rounded-t-xl max-md:border-t max-md:border-border max-md:bg-surface max-md:p-4 max-md:text-text max-md:shadow-float max-md:[&:popover-open]:grid md:contents"
    >
      <SelectField className="dense-field" name="subject" label={t("subject")} defaultValue={address.subject ?? ""}>
        <option value="">{t("anySubject")}</option>
        {subjects.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </SelectField>
      {terms.length < 2 && termId === undefined ? null : (
        <SelectField className="dense-field" name="termId" label={t("term")} defaultValue={address.termId ?? ""}>
          <option value="">{t("anyTerm")}</option>
          {terms.map((term) => (
            <option key={term.id} value={term.id}>
              {term.title}
            </option>
          ))}
        </SelectField>
      )}
      <SelectField className="dense-field" name="day" label={t("day")} defaultValue={address.day ?? ""}>
        <option value="">{t("anyDay")}</option>
        {DAYS.map((day) => (
          <option key={day} value={day}>
            {t(`dayLong.${day}`)}
          </option>
        ))}
      </SelectField>
      <div role="group" aria-label={t("time")} className="flex gap-3 max-md:*:grow">
        <TextField
          className="dense-field"
          name="from"
          type="time"
          label={t("from")}
          defaultValue={address.from ?? ""}
        />
        <TextField className="dense-field" name="to" type="time" label={t("to")} defaultValue={address.to ?? ""} />
      </div>
      <div className="grid md:min-h-9 md:content-center">
        {/* An unticked box sends nothing, and nothing means free seats only: without the box, this counts. */}
        <input type="hidden" name="availability" value="all" />
        <Checkbox
          name="availability"
          value="open"
          id="freeSeatsOnly"
          label={t("freeSeatsOnly")}
          defaultChecked={address.availability !== "all"}
          className={box}
        />
        <Checkbox
          name="fitsMySchedule"
          value="true"
          id="fitsMySchedule"
          label={t("fitsMySchedule")}
          defaultChecked={address.fitsMySchedule === "true"}
          className={box}
        />
      </div>
      <SubmitButton className="md:hidden">{t("showCount", { count: total })}</SubmitButton>
    </div>
  );
}

const box = "items-center max-md:min-h-11 md:min-h-6 md:gap-2 md:py-0 md:text-sm";

/** What is filtered now; each with the address of the page without it. */
export function useFilterChips(address: SectionAddress, choices: SectionFiltersProps["choices"]) {
  const t = useTranslations("sections");
  const term = choices.terms.find(({ id }) => id === address.termId);
  const labels: Partial<Record<keyof SectionAddress, string>> = {
    ...(address.q ? { q: t("chipSearch", { text: address.q }) } : {}),
    ...(address.subject ? { subject: address.subject } : {}),
    ...(address.termId ? { termId: term?.title ?? t("otherTerm") } : {}),
    ...(address.day ? { day: t(`dayLong.${address.day}`) } : {}),
    ...(address.from ? { from: t("chipFrom", { time: address.from }) } : {}),
    ...(address.to ? { to: t("chipTo", { time: address.to }) } : {}),
    ...(address.availability === "all" ? {} : { availability: t("freeSeatsOnly") }),
    ...(address.fitsMySchedule === "true" ? { fitsMySchedule: t("fitsMySchedule") } : {}),
  };
  return (Object.keys(labels) as (keyof SectionAddress)[]).map((key) => ({
    key,
    label: labels[key] ?? "",
    // Free seats only is what the page shows unless it is told otherwise; all others are simply left out.
    hrefWithout: sectionsHref({ ...address, [key]: key === "availability" ? "all" : undefined, cursor: undefined }),
  }));
}
