import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { LANGUAGES } from "@/messages/languages";
import { SchoolForm } from "../_components/school-form";
import { SetupSteps } from "@/app/_setup/setup-steps";
import { foundSetup } from "../found-setup";
import { timeZonesByRegion } from "../time-zones";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("setup"))("school.pageTitle") };
}

/** First step: what the school is called, where its clocks are, which language it speaks. */
export default async function SetupSchoolPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const [{ school }, t, ui, locale] = await Promise.all([
    foundSetup(token),
    getTranslations("setup"),
    getTranslations("ui"),
    getLocale(),
  ]);
  const languageName = new Intl.DisplayNames(locale, { type: "language" });
  return (
    <>
      <SetupSteps current={0} />
      <h1 className="text-3xl">{t("school.title")}</h1>
      <p>{t("school.intro")}</p>
      <SchoolForm
        token={token}
        before={{ name: school?.name ?? "", timeZone: school?.timeZone ?? "", locale: school?.locale ?? locale }}
        regions={timeZonesByRegion()}
        languages={Object.keys(LANGUAGES).map((tag) => ({ tag, name: languageName.of(tag) ?? tag }))}
        words={{
          name: t("school.name"),
          nameHint: t("school.nameHint"),
          zone: t("school.zone"),
          zoneHint: t("school.zoneHint"),
          chooseZone: t("school.chooseZone"),
          language: t("school.language"),
          submit: t("school.submit"),
          submitting: t("saving"),
          errorSummary: ui("errorSummaryTitle"),
        }}
      />
    </>
  );
}
