import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { Alert } from "@/components/ui/alert";
import { demoAccounts } from "@/lib/identity/people/demo-accounts";
import { isSentAgain } from "@/lib/web/page/form-argument";
import { ssoChoices } from "@/lib/identity/sso/providers";
import { visitorsSchool } from "@/lib/web/page/page-locale";
import { currentContext } from "@/lib/web/page/page-guard";
import { returnPath } from "@/lib/web/page/return-path";
import { DemoAccounts } from "./_components/demo-accounts";
import { errorKey, SsoChoices } from "./_components/sso-choices";
import { PasskeySignIn } from "./_components/passkey-sign-in";
import { SignInForm } from "./_components/sign-in-form";

export async function generateMetadata(): Promise<Metadata> {
  const [t, incoming] = await Promise.all([getTranslations("auth.signIn"), headers()]);
  return { title: isSentAgain(incoming) ? t("errorTitle") : t("pageTitle") };
}

type Search = Record<string, string | string[] | undefined>;

/** Sign-in. Somebody who is signed in goes on to where they wanted to be. */
export default async function SignInPage({ searchParams }: { searchParams: Promise<Search> }) {
  const search = await searchParams;
  const from = returnPath(search["from"]);
  if (await currentContext()) redirect(from ?? "/");
  const [choices, school] = [ssoChoices(), await visitorsSchool()];
  const withPasswords = choices.length === 0 || school?.passwordsAllowed !== false;
  const [accounts, t, ui, demo, passkey] = await Promise.all([
    demoAccounts(),
    getTranslations("auth.signIn"),
    getTranslations("ui"),
    getTranslations("auth.demo"),
    getTranslations("auth.passkey"),
  ]);
  return (
    <>
      <h1 className="text-3xl">{t("title")}</h1>
      {search["signedOut"] === undefined ? null : (
        <Alert tone="success" title={t("signedOut")}>
          {t("signedOutDetail")}
        </Alert>
      )}
      {search["reset"] === undefined ? null : (
        <Alert tone="success" title={t("passwordReset")}>
          {t("passwordResetDetail")}
        </Alert>
      )}
      {search["expired"] === undefined ? null : <Alert title={t("expired")} />}
      {search["demo"] === undefined ? null : <Alert tone="error" title={demo("failed")} role="alert" />}
      {search["error"] === undefined ? null : <Alert tone="error" title={t(errorKey(search["error"]))} role="alert" />}
      {from === null || from === "/" ? null : <Alert>{t("goOn", { place: from.split(/[/?]/)[1] ?? "" })}</Alert>}
      <div id="offline" role="alert" tabIndex={-1} hidden suppressHydrationWarning>
        <Alert tone="warning" title={t("offline")}>
          {t("offlineDetail")}
        </Alert>
      </div>
      <SsoChoices choices={choices} from={from} withPasswords={withPasswords} />
      <SignInForm
        from={from}
        labels={{
          email: t("email"),
          password: t("password"),
          show: ui("showPassword"),
          hide: ui("hidePassword"),
          submit: t("submit"),
          submitting: t("submitting"),
          errorSummary: ui("errorSummaryTitle"),
          errorTitle: `${t("errorTitle")} – ${ui("appName")}`,
        }}
      />
      <PasskeySignIn
        from={from}
        autofill
        words={{ signIn: passkey("signIn"), working: passkey("working"), failed: passkey("failed") }}
      />
      <p>
        {/* A plain link: the link component alone would take this page over its budget. */}
        <a href="/forgot" className="text-link inline-flex min-h-6 items-center pointer-coarse:min-h-11">
          {t("forgotten")}
        </a>
      </p>
      <DemoAccounts accounts={accounts} from={from} />
    </>
  );
}
