import { useTranslations } from "next-intl";
import { SectionHeader } from "@/components/patterns/page-header";
import { setTheme } from "@/components/patterns/shell/set-theme";
import { type Theme, themes } from "@/components/patterns/shell/theme";
import { Button } from "@/components/ui/button";
import { RadioGroup } from "@/components/ui/choice";
import { SelectField } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextLink } from "@/components/ui/text-link";
import { chooseLocaleAction } from "../actions";

const THEMES = { system: "themeSystem", light: "themeLight", dark: "themeDark" } as const satisfies Record<
  Theme,
  string
>;

/** Theme of this device, language, alerts, and what is kept of a person, as a file. */
export function ChoicesPart({
  theme,
  locale,
  languages,
}: {
  theme: Theme;
  /** Null: the school's. */
  locale: string | null;
  /** None where there is no choice. */
  languages: readonly { tag: string; name: string }[];
}) {
  const [t, shell] = [useTranslations("account.choices"), useTranslations("ui.shell")];
  return (
    <>
      <section aria-labelledby="theme-title" className="max-w-form">
        <SectionHeader id="theme-title" title={shell("theme")} />
        <form action={setTheme} className="grid gap-3">
          <RadioGroup
            name="theme"
            legend={shell("theme")}
            hideLegend
            inline
            hint={t("themeHint")}
            defaultValue={theme}
            options={themes.map((value) => ({ value, label: shell(THEMES[value]) }))}
          />
          <SubmitButton variant="secondary" className="justify-self-start">
            {t("saveTheme")}
          </SubmitButton>
        </form>
      </section>
      {languages.length === 0 ? null : (
        <section aria-labelledby="language-title" className="max-w-form">
          <SectionHeader id="language-title" title={t("language")} />
          <form action={chooseLocaleAction} className="grid gap-3">
            <SelectField name="locale" label={t("language")} hint={t("languageHint")} defaultValue={locale ?? ""}>
              <option value="">{t("ofSchool")}</option>
              {languages.map(({ tag, name }) => (
                <option key={tag} value={tag} lang={tag}>
                  {name}
                </option>
              ))}
            </SelectField>
            <SubmitButton variant="secondary" className="justify-self-start">
              {t("saveLanguage")}
            </SubmitButton>
          </form>
        </section>
      )}
      <section aria-labelledby="alerts-title">
        <SectionHeader id="alerts-title" title={t("alerts")} />
        <p>
          <TextLink href="/preferences">{t("alertsLink")}</TextLink>
        </p>
      </section>
      <section aria-labelledby="data-title">
        <SectionHeader id="data-title" title={t("data")} />
        <p className="mb-3 text-muted">{t("dataBody")}</p>
        {/* A form and not a link, so that nothing fetches it ahead. */}
        <form action="/api/me/data">
          <Button type="submit">{t("dataGet")}</Button>
        </form>
      </section>
    </>
  );
}
