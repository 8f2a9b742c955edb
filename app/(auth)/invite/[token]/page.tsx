import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Button } from "@/components/ui/button";
import { findInvitation } from "@/lib/identity/invitations/invitations";
import { newPasswordLabels } from "@/app/_password/labels";
import { NewPasswordForm } from "@/components/identity/new-password-form";
import { acceptInvitationAction } from "./actions";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.invite");
  return { title: t("pageTitle") };
}

/** First password by a one-time link. Opening it changes nothing: mail scanners open links too. */
export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const [{ token }, t] = await Promise.all([params, getTranslations("auth.invite")]);
  const invited = await findInvitation(token);
  if (!invited)
    return (
      <>
        <h1 className="text-3xl">{t("endedTitle")}</h1>
        <p>{t("endedBody")}</p>
        {/* A form and not a link: the link component alone would take this page over its budget. */}
        <form action="/login">
          <Button type="submit" variant="primary" size="lg" block>
            {t("endedAction")}
          </Button>
        </form>
      </>
    );
  return (
    <>
      <h1 className="text-3xl">{t("title", { name: invited.name })}</h1>
      <p>{t("intro", { school: invited.school, email: invited.email })}</p>
      <NewPasswordForm
        action={acceptInvitationAction}
        hidden={{ token }}
        email={invited.email}
        labels={await newPasswordLabels(invited.userId, { submit: t("submit"), submitting: t("submitting") })}
      />
    </>
  );
}
