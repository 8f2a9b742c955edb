import { getTranslations } from "next-intl/server";
import { AutoSaveForm } from "@/components/notification/auto-save-form";
import { SectionHeader } from "@/components/patterns/page-header";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { CHANNELS, type Category, type PreferencesDto } from "@/lib/notification/schema";
import { savePreferencesAction, submitPreferencesAction } from "../actions";
import { NoScriptSave } from "./no-script-save";

/** What a person is told on which channel: a table of native checkboxes that saves itself. */
export async function CategoryForm({
  preferences,
  categories,
}: {
  preferences: PreferencesDto;
  /** What is really sent to this person. */
  categories: readonly Category[];
}) {
  const t = await getTranslations("notifications");
  return (
    <section aria-labelledby="what-title">
      <SectionHeader id="what-title" title={t("preferences.whatTitle")} />
      <AutoSaveForm
        save={savePreferencesAction}
        submit={submitPreferencesAction}
        strings={{
          saving: t("preferences.saving"),
          saved: t("preferences.saved"),
          failed: t("preferences.failed"),
        }}
      >
        <input type="hidden" name="part" value="categories" />
        <input type="hidden" name="shown" value={categories.join(",")} />
        <Table caption={t("preferences.tableCaption")}>
          <thead>
            <Tr>
              <Th scope="col">{t("preferences.what")}</Th>
              {CHANNELS.map((channel) => (
                <Th key={channel} scope="col">
                  {t(`channel.${channel}`)}
                </Th>
              ))}
            </Tr>
          </thead>
          <tbody>
            {categories.map((category) => (
              <Tr key={category}>
                <Th scope="row">
                  <span className="grid">
                    {t(`category.${category}`)}
                    <span className="text-sm font-normal text-muted">{t(`preferences.hint.${category}`)}</span>
                  </span>
                </Th>
                {CHANNELS.map((channel) => (
                  <Td key={channel}>
                    <label className="inline-flex min-h-8 min-w-8 items-center pointer-coarse:min-h-11 pointer-coarse:min-w-11">
                      <input
                        type="checkbox"
                        name={`${category}.${channel}`}
                        defaultChecked={preferences.categories[category][channel]}
                        aria-label={t("preferences.cellLabel", {
                          category: t(`category.${category}`),
                          channel: t(`channel.${channel}`),
                        })}
                        className="size-5 accent-primary"
                      />
                    </label>
                  </Td>
                ))}
              </Tr>
            ))}
          </tbody>
        </Table>
        <NoScriptSave />
      </AutoSaveForm>
    </section>
  );
}
