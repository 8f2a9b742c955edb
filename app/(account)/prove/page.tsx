import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PageHeader } from "@/components/patterns/page-header";
import { waysToProve } from "@/lib/identity/factors/recent-proof";
import { pageContext, pageMe } from "@/lib/web/page/page-guard";
import { returnPath } from "@/lib/web/page/return-path";
import { ProveForm } from "./_components/prove-form";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("factors.prove");
  return { title: t("title") };
}

type Search = Record<string, string | string[] | undefined>;

/** Before something that a screen left open must not allow: who is it? Then back to where one was. */
export default async function ProvePage({ searchParams }: { searchParams: Promise<Search> }) {
  const from = returnPath((await searchParams)["from"]);
  const ctx = await pageContext(`/prove${from === null ? "" : `?from=${encodeURIComponent(from)}`}`);
  const [{ email }, ways, t, signIn, ui] = await Promise.all([
    pageMe(ctx),
    waysToProve(ctx),
    getTranslations("factors.prove"),
    getTranslations("auth.signIn"),
    getTranslations("ui"),
  ]);
  return (
    <>
      <PageHeader title={t("title")} />
      <p className="mb-6 max-w-reading">{t(ways.code ? "introCode" : "intro")}</p>
      <ProveForm
        from={from}
        email={email}
        withCode={ways.code}
        words={{
          password: signIn("password"),
          show: ui("showPassword"),
          hide: ui("hidePassword"),
          code: t("code"),
          codeHint: t("codeHint"),
          submit: t("submit"),
          submitting: t("submitting"),
          errorSummary: ui("errorSummaryTitle"),
        }}
      />
    </>
  );
}
