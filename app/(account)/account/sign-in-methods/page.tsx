import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PageHeader } from "@/components/patterns/page-header";
import { signInMethods } from "@/lib/identity/factors/sign-in-methods";
import { pageContext, pageMe } from "@/lib/web/page/page-guard";
import { AuthenticatorPart } from "./_components/authenticator-part";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("factors");
  return { title: t("title") };
}

/** With what somebody signs in besides the password. */
export default async function SignInMethodsPage({ searchParams }: { searchParams: Promise<{ result?: string }> }) {
  const ctx = await pageContext("/account/sign-in-methods");
  const [{ school }, { authenticator }, t, account, { result }] = await Promise.all([
    pageMe(ctx),
    signInMethods(ctx),
    getTranslations("factors"),
    getTranslations("auth.account"),
    searchParams,
  ]);
  return (
    <>
      <PageHeader breadcrumbs={[{ href: "/account", label: account("title") }]} title={t("title")} />
      <div className="grid max-w-reading grid-cols-[minmax(0,1fr)] gap-10">
        <p>{t("intro")}</p>
        <AuthenticatorPart authenticator={authenticator} timeZone={school.timeZone} result={result} />
      </div>
    </>
  );
}
