import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { newPasswordLabels } from "@/app/_password/labels";
import { NewPasswordForm } from "@/components/identity/new-password-form";
import { Button } from "@/components/ui/button";
import { hasInitialPassword } from "@/lib/identity/credentials/change-password";
import { pageContext, pageMe } from "@/lib/web/page/page-guard";
import { chooseFirstPasswordAction } from "./actions";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.firstPassword");
  return { title: t("pageTitle") };
}

/**
 * The step after signing in with a password that the school gave: others may know it. It can be left for later, and then
 * comes at the next sign-in (docs/decisions/015-given-passwords.md).
 */
export default async function FirstPasswordPage() {
  const ctx = await pageContext("/first-password");
  if (!(await hasInitialPassword(ctx))) redirect("/");
  const [me, t] = await Promise.all([pageMe(ctx), getTranslations("auth.firstPassword")]);
  return (
    <>
      <h1 className="text-3xl">{t("title")}</h1>
      <p>{t("intro")}</p>
      <NewPasswordForm
        action={chooseFirstPasswordAction}
        email={me.email}
        labels={await newPasswordLabels(me.id, { submit: t("submit"), submitting: t("submitting") })}
      />
      <form action="/">
        <Button type="submit" variant="quiet" size="lg" block>
          {t("later")}
        </Button>
      </form>
    </>
  );
}
