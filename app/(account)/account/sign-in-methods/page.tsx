import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { PageHeader } from "@/components/patterns/page-header";
import { signInMethods } from "@/lib/identity/factors/sign-in-methods";
import { pageContext, pageMe } from "@/lib/web/page/page-guard";
import { AuthenticatorPart } from "./_components/authenticator-part";
import { PasskeysPart } from "./_components/passkeys-part";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("factors");
  return { title: t("title") };
}

/** With what somebody signs in besides the password, or in its place. */
export default async function SignInMethodsPage({ searchParams }: { searchParams: Promise<{ result?: string }> }) {
  const ctx = await pageContext("/account/sign-in-methods");
  const [{ school }, methods, t, account, { result }] = await Promise.all([
    pageMe(ctx),
    getLocale().then((locale) => signInMethods(ctx, { locale })),
    getTranslations("factors"),
    getTranslations("auth.account"),
    searchParams,
  ]);
  const shown = { timeZone: school.timeZone, result };
  return (
    <>
      <PageHeader breadcrumbs={[{ href: "/account", label: account("title") }]} title={t("title")} />
      <div className="grid max-w-reading grid-cols-[minmax(0,1fr)] gap-10">
        <p>{t("intro")}</p>
        <PasskeysPart passkeys={methods.passkeys} {...shown} />
        <AuthenticatorPart methods={methods} {...shown} />
      </div>
    </>
  );
}
