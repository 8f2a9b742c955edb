import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { newPasswordLabels } from "@/app/_password/labels";
import { NewPasswordForm } from "@/components/identity/new-password-form";
import { Button } from "@/components/ui/button";
import { findPasswordReset } from "@/lib/identity/resets/password-resets";
import { resetPasswordAction } from "./actions";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.reset");
  return { title: t("pageTitle") };
}

/** A new password by a link from a mail. Opening it changes nothing: mail scanners open links too. */
export default async function ResetPage({ params }: { params: Promise<{ token: string }> }) {
  const [{ token }, t] = await Promise.all([params, getTranslations("auth.reset")]);
  const owner = await findPasswordReset(token);
  if (!owner)
    return (
      <>
        <h1 className="text-3xl">{t("endedTitle")}</h1>
        <p>{t("endedBody")}</p>
        <form action="/forgot">
          <Button type="submit" variant="primary" size="lg" block>
            {t("endedAction")}
          </Button>
        </form>
      </>
    );
  return (
    <>
      <h1 className="text-3xl">{t("title")}</h1>
      <p className="wrap-anywhere">{t("intro", { email: owner.email })}</p>
      <NewPasswordForm
        action={resetPasswordAction}
        hidden={{ token }}
        email={owner.email}
        labels={await newPasswordLabels(owner.userId, { submit: t("submit"), submitting: t("submitting") })}
      />
    </>
  );
}
