import { getTranslations } from "next-intl/server";
import { AutoSaveForm } from "@/components/notification/auto-save-form";
import { SectionHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { isOffered, reachOf } from "@/lib/notification/channels/registry";
import { CHANNELS, type Category, type PreferencesDto } from "@/lib/notification/schema";
import { savePreferencesAction, submitPreferencesAction } from "../actions";
import { NoScriptSave } from "./no-script-save";

/** What a person is told on which channel: a table of native checkboxes that saves itself. */
export async function CategoryForm({
  preferences,
  categories,
  hasDevice,
  mail,
}: {
  preferences: PreferencesDto;
  /** What is really sent to this person. */
  categories: readonly Category[];
  /** Without one, push is off whatever is chosen. */
  hasDevice: boolean;
  /** Where mail goes; null: nothing is mailed here, and nobody is asked about it. */
  mail: { address: string; isRefused: boolean } | null;
}) {
  const t = await getTranslations("notifications");
  const channels = CHANNELS.filter(isOffered);
  const { absence } = preferences.categories;
  const places = { hasDevice, isMailRefused: mail?.isRefused === true };
  const hearsOfAbsences = !categories.includes("absence") || reachOf((channel) => absence[channel], places) !== null;
  return (
    <section aria-labelledby="what-title">
      <SectionHeader id="what-title" title={t("preferences.whatTitle")} />
      {mail?.isRefused ? (
        <Alert tone="warning" className="mb-4">
          {t("preferences.mailRefused", { address: mail.address })}
        </Alert>
      ) : null}
      <AutoSaveForm
        key={String(hasDevice)} // turned on or off here: what the choices mean is said anew
        save={savePreferencesAction}
        submit={submitPreferencesAction}
        strings={{
          saving: t("preferences.saving"),
          saved: t("preferences.saved"),
          failed: t("preferences.failed"),
        }}
        warning={hearsOfAbsences ? null : t("preferences.absenceOff")}
      >
        <input type="hidden" name="part" value="categories" />
        <input type="hidden" name="shown" value={categories.join(",")} />
        <Table caption={t("preferences.tableCaption")}>
          <thead>
            <Tr>
              <Th scope="col" className="max-sm:ps-3">
                {t("preferences.what")}
              </Th>
              {channels.map((channel) => (
                <Th key={channel} scope="col" className="max-sm:px-2">
                  {t(`channel.${channel}`)}
                  {channel === "webPush" && !hasDevice ? (
                    <span id="push-off" className="block text-xs font-normal text-muted">
                      {t("preferences.pushOff")}
                    </span>
                  ) : null}
                </Th>
              ))}
            </Tr>
          </thead>
          <tbody>
            {categories.map((category) => (
              <Tr key={category}>
                <Th scope="row" className="max-sm:ps-3 max-sm:pe-1">
                  <span className="grid">
                    {t(`category.${category}`)}
                    <span className="text-sm font-normal text-muted">{t(`preferences.hint.${category}`)}</span>
                  </span>
                </Th>
                {channels.map((channel) => (
                  <Td key={channel} className="max-sm:px-2">
                    <label className="inline-flex min-h-8 min-w-8 items-center pointer-coarse:min-h-11 pointer-coarse:min-w-11">
                      <input
                        type="checkbox"
                        name={`${category}.${channel}`}
                        defaultChecked={preferences.categories[category][channel]}
                        aria-describedby={channel === "webPush" && !hasDevice ? "push-off" : undefined}
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
        {mail === null ? null : (
          <p className="mt-2 text-sm text-muted wrap-anywhere">{t("preferences.mailTo", { address: mail.address })}</p>
        )}
        <NoScriptSave />
      </AutoSaveForm>
    </section>
  );
}
