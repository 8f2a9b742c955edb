import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { AdministratorForm } from "../_components/administrator-form";
import { SetupSteps } from "@/app/_setup/setup-steps";
import { foundSetup } from "../found-setup";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("setup"))("administrator.pageTitle") };
}

/** Second step: who looks after the school here. With it the link is over, and the rest is done signed in. */
export default async function SetupAdministratorPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const [{ school }, t, ui] = await Promise.all([foundSetup(token), getTranslations("setup"), getTranslations("ui")]);
  const back = `/setup/${encodeURIComponent(token)}/school`;
  if (!school) redirect(back);
  return (
    <>
      <SetupSteps current={1} />
      <h1 className="text-3xl">{t("administrator.title")}</h1>
      <p>{t("administrator.intro", { school: school.name })}</p>
      <AdministratorForm
        token={token}
        words={{
          givenName: t("administrator.givenName"),
          familyName: t("administrator.familyName"),
          email: t("administrator.email"),
          emailHint: t("administrator.emailHint"),
          password: t("administrator.password"),
          passwordHint: t("administrator.passwordHint"),
          show: ui("showPassword"),
          hide: ui("hidePassword"),
          submit: t("administrator.submit"),
          submitting: t("saving"),
          errorSummary: ui("errorSummaryTitle"),
        }}
      />
      <p className="text-sm">
        <a href={back} className="inline-flex min-h-6 items-center underline pointer-coarse:min-h-11">
          {t("administrator.back")}
        </a>
      </p>
    </>
  );
}
