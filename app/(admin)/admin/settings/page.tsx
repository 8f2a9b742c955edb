import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PageHeader } from "@/components/patterns/page-header";
import { defaultGraceSeconds } from "@/lib/attendance/grace/grace";
import { MAX_ALERT_GRACE_SECONDS, PASSWORD_LENGTH_RANGE } from "@/lib/identity/schema";
import { ssoChoices } from "@/lib/identity/sso/providers";
import { schoolSettings } from "@/lib/identity/people/school-settings";
import { pageContext, titleIsFor } from "@/lib/web/page/page-guard";
import { FactorRuleForm } from "./_components/factor-rule-form";
import { SettingForm } from "./_components/setting-form";
import { PasswordsAllowed } from "./_components/passwords-allowed";
import { saveAlertGraceAction, savePasswordLengthAction } from "./actions";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  await titleIsFor(["ADMIN"]);
  const t = await getTranslations("admin");
  return { title: `${t("settings.title")} – ${t("overview.where")}` };
}

/** What the office sets for its school. Plain forms: they work without script, and what was typed survives a mistake. */
export default async function AdminSettingsPage({ searchParams }: Props) {
  const ctx = await pageContext("/admin/settings", ["ADMIN"]);
  const [t, settings, query] = await Promise.all([
    getTranslations("admin.settings"),
    schoolSettings(ctx),
    searchParams,
  ]);
  const { part, result, typed } = query;
  const answerOf = (form: string) => (part === form ? { result, typed } : {});
  const grace = { max: MAX_ALERT_GRACE_SECONDS, usual: defaultGraceSeconds() };
  const words = { failed: t("failed") };
  return (
    <>
      <PageHeader title={t("title")} />
      <div className="grid max-w-form gap-10">
        <SettingForm
          id="grace"
          action={saveAlertGraceAction}
          name="alertGraceSeconds"
          value={settings.alertGraceSeconds}
          words={{
            ...words,
            title: t("graceTitle"),
            body: t("graceBody"),
            label: t("graceSeconds"),
            hint: t("graceHint", grace),
            invalid: t("graceInvalid", grace),
            save: t("save"),
            saved: t("saved"),
          }}
          {...answerOf("grace")}
        />
        <SettingForm
          id="passwords"
          action={savePasswordLengthAction}
          name="passwordMinLength"
          value={settings.passwordMinLength}
          words={{
            ...words,
            title: t("passwordsTitle"),
            body: t("passwordsBody"),
            label: t("passwordLength"),
            hint: t("passwordHint", PASSWORD_LENGTH_RANGE),
            invalid: t("passwordInvalid", PASSWORD_LENGTH_RANGE),
            save: t("passwordSave"),
            saved: t("passwordSaved"),
          }}
          {...answerOf("passwords")}
        />
        <PasswordsAllowed choices={ssoChoices()} allowed={settings.passwordsAllowed} {...answerOf("sso")} />
        <FactorRuleForm roles={settings.factorRoles} days={settings.factorGraceDays} {...answerOf("factors")} />
      </div>
    </>
  );
}
