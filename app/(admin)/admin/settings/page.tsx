import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PageHeader, SectionHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { TextField } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { defaultGraceSeconds } from "@/lib/attendance/grace/grace";
import { MAX_ALERT_GRACE_SECONDS } from "@/lib/identity/schema";
import { schoolSettings } from "@/lib/identity/people/school-settings";
import { pageContext, titleIsFor } from "@/lib/web/page/page-guard";
import { saveAlertGraceAction } from "./actions";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  await titleIsFor(["ADMIN"]);
  const t = await getTranslations("admin");
  return { title: `${t("settings.title")} – ${t("overview.where")}` };
}

/** What the office sets for its school. A plain form: it works without script, and what was typed survives a mistake. */
export default async function AdminSettingsPage({ searchParams }: Props) {
  const ctx = await pageContext("/admin/settings", ["ADMIN"]);
  const [t, settings, query] = await Promise.all([
    getTranslations("admin.settings"),
    schoolSettings(ctx),
    searchParams,
  ]);
  const { result, seconds: typed } = query;
  const isInvalid = result === "invalid";
  const usual = defaultGraceSeconds();
  return (
    <>
      <PageHeader title={t("title")} />
      <section aria-labelledby="grace" className="max-w-form">
        <SectionHeader id="grace" title={t("graceTitle")} />
        <p className="mb-4 text-muted">{t("graceBody")}</p>
        {result === "saved" ? (
          <Alert tone="success" role="status" className="mb-4">
            {t("saved")}
          </Alert>
        ) : null}
        {result === "failed" ? (
          <Alert tone="error" role="alert" className="mb-4">
            {t("failed")}
          </Alert>
        ) : null}
        <form action={saveAlertGraceAction} className="grid gap-6">
          <TextField
            name="alertGraceSeconds"
            label={t("graceSeconds")}
            hint={t("graceHint", { max: MAX_ALERT_GRACE_SECONDS, usual })}
            error={isInvalid ? t("graceInvalid", { max: MAX_ALERT_GRACE_SECONDS }) : undefined}
            inputMode="numeric"
            autoComplete="off"
            autoFocus={isInvalid}
            defaultValue={isInvalid && typeof typed === "string" ? typed : (settings.alertGraceSeconds ?? "")}
          />
          <SubmitButton className="justify-self-start">{t("save")}</SubmitButton>
        </form>
      </section>
    </>
  );
}
