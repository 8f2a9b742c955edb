import { getTranslations } from "next-intl/server";
import { AutoSaveForm } from "@/components/notification/auto-save-form";
import { SectionHeader } from "@/components/patterns/page-header";
import { Checkbox, RadioGroup } from "@/components/ui/choice";
import { TextField } from "@/components/ui/input";
import type { PreferencesDto } from "@/lib/notification/schema";
import { savePreferencesAction, submitPreferencesAction } from "../actions";
import { NoScriptSave } from "./no-script-save";

const USUAL_QUIET = { start: "21:00", end: "06:30" };

/** When pushes come: quiet hours, and at once or once a day. */
export async function TimingForms({
  preferences,
  schoolTimeZone,
}: {
  preferences: PreferencesDto;
  schoolTimeZone: string;
}) {
  const t = await getTranslations("notifications.preferences");
  const strings = { saving: t("saving"), saved: t("saved"), failed: t("failed") };
  const { quietHours, digest } = preferences;
  const { start, end } = quietHours ?? USUAL_QUIET;
  const timeZone = quietHours?.timeZone ?? schoolTimeZone;
  return (
    <>
      <section aria-labelledby="quiet-title">
        <SectionHeader id="quiet-title" title={t("quietTitle")} />
        <AutoSaveForm save={savePreferencesAction} submit={submitPreferencesAction} strings={strings}>
          <input type="hidden" name="part" value="quiet" />
          <input type="hidden" name="timeZone" value={timeZone} />
          <Checkbox name="quietOn" label={t("quietOn")} hint={t("quietHint")} defaultChecked={quietHours !== null} />
          <div className="mt-3 grid max-w-form grid-cols-2 gap-4">
            <TextField name="start" type="time" label={t("quietStart")} defaultValue={start} required />
            <TextField name="end" type="time" label={t("quietEnd")} defaultValue={end} required />
          </div>
          <p className="mt-2 text-sm text-muted">{t("quietZone", { zone: timeZone.replaceAll("_", " ") })}</p>
          <NoScriptSave />
        </AutoSaveForm>
      </section>
      <section aria-labelledby="digest-title">
        <SectionHeader id="digest-title" title={t("digestTitle")} />
        <AutoSaveForm save={savePreferencesAction} submit={submitPreferencesAction} strings={strings}>
          <input type="hidden" name="part" value="digest" />
          <RadioGroup
            name="digest"
            legend={t("digestTitle")}
            hideLegend
            defaultValue={digest}
            options={[
              { value: "off", label: t("digestOff"), hint: t("digestOffHint") },
              { value: "daily", label: t("digestDaily"), hint: t("digestDailyHint") },
            ]}
          />
          <NoScriptSave />
        </AutoSaveForm>
      </section>
    </>
  );
}
