import type messages from "@/messages/en/attendance.json";

/** The words of the grid: the server reads them from the catalogue and hands them over as they are. */
export type GridStrings = (typeof messages)["grid"];
type Plural = { one: string; other: string };

/** A template with its `{names}` filled in. */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The form for a number, with `{count}` and other names filled in. */
export function fillPlural(
  forms: Plural,
  count: number,
  locale: string,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const form = new Intl.PluralRules(locale).select(count) === "one" ? forms.one : forms.other;
  return fill(form, { count, ...values });
}
