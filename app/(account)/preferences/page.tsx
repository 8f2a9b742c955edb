import { BellOff } from "@/components/ui/icon";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import { PushCard } from "@/components/notification/push/push-card";
import { EmptyState } from "@/components/patterns/empty-state";
import { PageHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { getMe } from "@/lib/identity/people/get-me";
import { categoriesFor } from "@/lib/notification/kinds/audience";
import { deviceOf } from "@/lib/notification/devices/device-cookie";
import { mailAddress } from "@/lib/notification/preferences/mail-address";
import { getPreferences, listDevices, pushPublicKey } from "@/lib/notification/queries";
import { pageContext } from "@/lib/web/page/page-guard";
import { CategoryForm } from "./_components/category-form";
import { DeviceList } from "./_components/device-list";
import { TimingForms } from "./_components/timing-forms";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("notifications.preferences");
  return { title: t("metaTitle") };
}

export default async function PreferencesPage({ searchParams }: { searchParams: Promise<{ result?: string }> }) {
  const ctx = await pageContext("/preferences");
  const t = await getTranslations("notifications.preferences");
  const { result } = await searchParams;
  const [me, preferences, devices, mail, incoming] = await Promise.all([
    getMe(ctx),
    getPreferences(ctx),
    getLocale().then((locale) => listDevices(ctx, { locale })),
    mailAddress(ctx),
    headers(),
  ]);
  const categories = categoriesFor(me.roles);
  const [news] = categories;
  return (
    <>
      <PageHeader title={t("title")} description={categories.length === 0 ? undefined : t("description")} />
      <div className="grid max-w-reading grid-cols-[minmax(0,1fr)] gap-6">
        {result === "saved" ? <Alert tone="success">{t("saved")}</Alert> : null}
        {result === "failed" ? <Alert tone="error">{t("failed")}</Alert> : null}
        {result === "invalid" ? <Alert tone="error">{t("quietInvalid")}</Alert> : null}
        {news === undefined ? (
          <EmptyState icon={BellOff} title={t("nothingTitle")}>
            {t("nothingBody")}
          </EmptyState>
        ) : (
          <>
            <PushCard publicKey={pushPublicKey()} news={news} />
            <CategoryForm
              preferences={preferences}
              categories={categories}
              hasDevice={devices.length > 0}
              mail={mail}
            />
            <TimingForms preferences={preferences} schoolTimeZone={me.school.timeZone} />
          </>
        )}
        {categories.length === 0 && devices.length === 0 ? null : (
          <DeviceList
            devices={devices}
            thisDevice={deviceOf(incoming.get("cookie"))}
            timeZone={me.school.timeZone}
            removed={result === "removed"}
          />
        )}
        {categories.length === 0 ? null : <p className="text-sm text-muted">{t("privacy")}</p>}
      </div>
    </>
  );
}
