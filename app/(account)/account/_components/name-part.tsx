import { useTranslations } from "next-intl";
import { FieldsForm } from "@/components/patterns/forms/fields-form";
import { SectionHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import type { OwnAccount } from "@/lib/identity/account/own-account";
import { changeNameAction } from "../actions";

/** The name of somebody whom no roster names. */
export function NamePart({ account, isSaved }: { account: OwnAccount; isSaved: boolean }) {
  const [t, ui] = [useTranslations("account.name"), useTranslations("ui")];
  return (
    <section aria-labelledby="name-title" className="max-w-form scroll-mt-8">
      <SectionHeader id="name-title" title={t("title")} />
      {isSaved ? (
        <Alert tone="success" role="status" className="mb-3">
          {t("saved")}
        </Alert>
      ) : null}
      <FieldsForm
        id="name"
        action={changeNameAction}
        fields={[
          { name: "givenName", label: t("givenName"), value: account.givenName },
          { name: "familyName", label: t("familyName"), value: account.familyName },
        ]}
        words={{ submit: t("save"), submitting: t("saving"), errorSummary: ui("errorSummaryTitle") }}
        tone="secondary"
      />
    </section>
  );
}
