import { useTranslations } from "next-intl";
import { SectionHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { Disclosure } from "@/components/ui/disclosure";
import { SubmitButton } from "@/components/ui/submit-button";
import type { OwnAccount } from "@/lib/identity/account/own-account";
import { cancelEmailChangeAction } from "../actions";
import { EmailForm } from "./email-form";

/** The address that somebody signs in with, and how to have another. Without mails there is no way to confirm one. */
export function EmailPart({ account, canMail }: { account: OwnAccount; canMail: boolean }) {
  const [t, ui] = [useTranslations("account.email"), useTranslations("ui")];
  return (
    <section aria-labelledby="email-title" className="max-w-form scroll-mt-8">
      <SectionHeader id="email-title" title={t("title")} />
      <p className="mb-3 text-muted">{t("body")}</p>
      {account.newEmail === null ? null : (
        <Alert role="status" className="mb-3">
          <p className="wrap-anywhere">{t("waits", { email: account.newEmail })}</p>
          <form action={cancelEmailChangeAction} className="mt-2">
            <SubmitButton variant="secondary" size="sm">
              {t("cancel")}
            </SubmitButton>
          </form>
        </Alert>
      )}
      {!canMail || !account.hasPassword ? (
        <p className="text-muted">{t(canMail ? "noPassword" : "noMail")}</p>
      ) : (
        <Disclosure summary={t("change")}>
          <EmailForm
            words={{
              email: t("new"),
              hint: t("hint"),
              current: t("current"),
              show: ui("showPassword"),
              hide: ui("hidePassword"),
              submit: t("submit"),
              submitting: t("submitting"),
              errorSummary: ui("errorSummaryTitle"),
            }}
          />
        </Disclosure>
      )}
    </section>
  );
}
