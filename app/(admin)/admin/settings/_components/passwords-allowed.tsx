import { getTranslations } from "next-intl/server";
import { SectionHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { SubmitButton } from "@/components/ui/submit-button";
import { savePasswordsAllowedAction } from "../actions";

/** Whether passwords may be used beside signing in elsewhere; nothing where people can sign in only here. */
export async function PasswordsAllowed({
  choices,
  allowed,
  result,
}: {
  choices: readonly { name: string }[];
  allowed: boolean;
  result?: string | string[] | undefined;
}) {
  if (choices.length === 0) return null;
  const t = await getTranslations("admin.settings");
  return (
    <section aria-labelledby="sso" className="scroll-mt-8">
      <SectionHeader id="sso" title={t("ssoTitle")} />
      <p className="mb-4 text-muted">
        {t("ssoBody", { names: choices.map(({ name }) => name).join(", ") })} {allowed ? t("ssoOn") : t("ssoOff")}
      </p>
      {result === "saved" ? (
        <Alert tone="success" role="status" className="mb-4">
          {t("ssoSaved")}
        </Alert>
      ) : null}
      {result === "failed" || result === "invalid" ? (
        <Alert tone="error" role="alert" className="mb-4">
          {t("failed")}
        </Alert>
      ) : null}
      <form action={savePasswordsAllowedAction}>
        <input type="hidden" name="passwordsAllowed" value={String(!allowed)} />
        <SubmitButton variant={allowed ? "secondary" : "primary"}>
          {allowed ? t("ssoTurnOff") : t("ssoTurnOn")}
        </SubmitButton>
      </form>
    </section>
  );
}
