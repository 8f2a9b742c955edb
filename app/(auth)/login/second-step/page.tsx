import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { findSecondStep } from "@/lib/identity/factors/second-step";
import { currentContext } from "@/lib/web/page/page-guard";
import { returnPath } from "@/lib/web/page/return-path";
import { keptSecondStep } from "@/lib/web/session/second-step-cookie";
import { PasskeySignIn } from "../_components/passkey-sign-in";
import { SecondStepForm } from "./_components/second-step-form";

export async function generateMetadata(): Promise<Metadata> {
  const [t, incoming] = await Promise.all([getTranslations("auth.secondStep"), headers()]);
  // As on the sign-in page: a form that was sent without script and is shown again.
  const isSentAgain = incoming.get("content-type")?.startsWith("multipart/form-data") === true;
  return { title: isSentAgain && !incoming.has("next-action") ? t("errorTitle") : t("pageTitle") };
}

type Search = Record<string, string | string[] | undefined>;

/** The second step of signing in, for who has a second factor. Without a right password just before there is none. */
export default async function SecondStepPage({ searchParams }: { searchParams: Promise<Search> }) {
  const from = returnPath((await searchParams)["from"]);
  if (await currentContext()) redirect(from ?? "/");
  const token = await keptSecondStep();
  const owner = token === null ? null : await findSecondStep(token);
  if (!owner) redirect("/login?expired=1");
  const [t, ui, passkey] = await Promise.all([
    getTranslations("auth.secondStep"),
    getTranslations("ui"),
    getTranslations("auth.passkey"),
  ]);
  return (
    <>
      <h1 className="text-3xl">{t("title")}</h1>
      <p className="wrap-anywhere">{t(owner.hasAuthenticator ? "intro" : "introPasskey", { email: owner.email })}</p>
      {owner.hasPasskey ? (
        <PasskeySignIn
          from={from}
          words={{ signIn: passkey("signIn"), working: passkey("working"), failed: passkey("failed") }}
        />
      ) : null}
      <SecondStepForm
        from={from}
        withCode={owner.hasAuthenticator}
        labels={{
          code: t("code"),
          codeHint: t("codeHint"),
          recoverySummary: t("recoverySummary"),
          recovery: t("recovery"),
          recoveryHint: t("recoveryHint"),
          submit: t("submit"),
          submitting: t("submitting"),
          errorSummary: ui("errorSummaryTitle"),
          errorTitle: `${t("errorTitle")} – ${ui("appName")}`,
        }}
      />
      <p>
        {/* A plain link: the link component alone would take this page over its budget. */}
        <a href="/login" className="text-link inline-flex min-h-6 items-center pointer-coarse:min-h-11">
          {t("back")}
        </a>
      </p>
    </>
  );
}
