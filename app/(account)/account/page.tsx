import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { newPasswordLabels } from "@/app/_password/labels";
import { NewPasswordForm } from "@/components/identity/new-password-form";
import { DescriptionList } from "@/components/patterns/description-list";
import { PageHeader, SectionHeader } from "@/components/patterns/page-header";
import { readTheme } from "@/components/patterns/shell/theme";
import { Alert } from "@/components/ui/alert";
import { ownAccount } from "@/lib/identity/account/own-account";
import { LinkButton } from "@/components/ui/link-button";
import { mySessions } from "@/lib/identity/devices/my-sessions";
import { canMail } from "@/lib/notification/channels/email/mail-mode";
import { pageContext, pageMe } from "@/lib/web/page/page-guard";
import { hasSeveralLanguages } from "@/messages/locale";
import { LANGUAGES } from "@/messages/languages";
import { ChoicesPart } from "./_components/choices-part";
import { EmailPart } from "./_components/email-part";
import { NamePart } from "./_components/name-part";
import { SessionList } from "./_components/session-list";
import { changePasswordAction } from "./actions";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.account");
  return { title: t("title") };
}

/** Who somebody is here, how they sign in and where they are signed in, what they chose, and what is kept of them. */
export default async function AccountPage({ searchParams }: { searchParams: Promise<{ result?: string }> }) {
  const ctx = await pageContext("/account");
  const [me, sessions, account, theme, t, tFirst, tNew, tFactors, ui, { result }] = await Promise.all([
    pageMe(ctx),
    getLocale().then((locale) => mySessions(ctx, { locale })),
    ownAccount(ctx),
    readTheme(),
    getTranslations("auth.account"),
    getTranslations("auth.firstPassword"),
    getTranslations("auth.newPassword"),
    getTranslations("factors"),
    getTranslations("ui"),
    searchParams,
  ]);
  const labels = await newPasswordLabels(me.id, { submit: t("change"), submitting: t("changing") });
  return (
    <>
      <PageHeader title={t("title")} />
      <div className="grid max-w-reading grid-cols-[minmax(0,1fr)] gap-10">
        <section aria-label={t("where")} className="grid gap-3">
          <DescriptionList
            items={[
              { term: t("name"), value: me.name },
              { term: t("email"), value: <span className="wrap-anywhere">{me.email}</span> },
              { term: t("roles"), value: me.roles.map((role) => ui(`role.${role}`)).join(", ") },
            ]}
          />
          <p className="text-sm text-muted">{t(account.ownsName ? "contactRoles" : "contact")}</p>
        </section>
        {account.ownsName ? <NamePart account={account} isSaved={result === "name"} /> : null}
        <EmailPart account={account} canMail={canMail()} />
        <section aria-labelledby="password-title" className="max-w-form">
          <SectionHeader id="password-title" title={t("passwordTitle")} />
          {result === "changed" ? (
            <Alert tone="success" role="status" className="mb-4">
              {t("changed")}
            </Alert>
          ) : null}
          {account.hasInitialPassword ? <Alert className="mb-4">{tFirst("reminder")}</Alert> : null}
          <p className="mb-4 text-muted">{canMail() ? t("passwordBody") : t("passwordBodyNoMail")}</p>
          <NewPasswordForm
            action={changePasswordAction}
            email={me.email}
            labels={labels}
            currentLabel={tNew("current")}
            block={false}
          />
        </section>
        <section aria-labelledby="sign-in-methods">
          <SectionHeader id="sign-in-methods" title={tFactors("card")} />
          <p className="mb-4 text-muted">{tFactors("cardBody")}</p>
          <LinkButton href="/account/sign-in-methods">{tFactors("cardOpen")}</LinkButton>
        </section>
        <SessionList sessions={sessions} timeZone={me.school.timeZone} result={result} />
        <ChoicesPart
          theme={theme}
          locale={me.locale}
          languages={
            hasSeveralLanguages()
              ? Object.keys(LANGUAGES).map((tag) => ({
                  tag,
                  name: new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag,
                }))
              : []
          }
        />
      </div>
    </>
  );
}
