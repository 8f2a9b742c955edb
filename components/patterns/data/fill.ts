/** English has two forms; a language may bring as many as it needs, named as in the Unicode plural rules. */
export type Plural = { other: string } & { [rule in Intl.LDMLPluralRule]?: string };

const plurals = new Map<string, Intl.PluralRules>();

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
  let rules = plurals.get(locale);
  if (!rules) plurals.set(locale, (rules = new Intl.PluralRules(locale)));
  return fill(forms[rules.select(count)] ?? forms.other, { count, ...values });
}
