import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import { Button } from "@/components/ui/button";
import { RESET_MINUTES } from "@/lib/identity/resets/password-resets";
import { accountMailUrl } from "@/lib/notification/channels/email/account-mail";
import { isSentAgain } from "@/lib/web/page/form-argument";
import { ForgotForm } from "./_components/forgot-form";

type Props = { searchParams: Promise<{ sent?: string }> };

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const [t, { sent }, incoming] = await Promise.all([getTranslations("auth.forgot"), searchParams, headers()]);
  if (sent === undefined && isSentAgain(incoming)) return { title: t("errorTitle") };
  return { title: t(sent === undefined || accountMailUrl() === null ? "title" : "sentTitle") };
}

/** Asking for a link by mail; where no mail is sent, whom to ask instead. The answer is the same for every address. */
export default async function ForgotPage({ searchParams }: Props) {
  const [{ sent }, t, ui, signIn] = await Promise.all([
    searchParams,
    getTranslations("auth.forgot"),
    getTranslations("ui"),
    getTranslations("auth.signIn"),
  ]);
  const isOffered = accountMailUrl() !== null;
  if (!isOffered || sent !== undefined)
    return (
      <>
        <h1 className="text-3xl">{isOffered ? t("sentTitle") : t("noMailTitle")}</h1>
        <p>{isOffered ? t("sentBody", { minutes: RESET_MINUTES }) : t("noMailBody")}</p>
        {isOffered ? <p className="text-muted">{t("sentHelp")}</p> : null}
        <div className="grid gap-3">
          <Go to="/login" words={t("back")} variant="primary" />
          {isOffered ? <Go to="/forgot" words={t("again")} variant="quiet" /> : null}
        </div>
      </>
    );
  return (
    <>
      <h1 className="text-3xl">{t("title")}</h1>
      <p>{t("intro")}</p>
      <ForgotForm
        labels={{
          email: signIn("email"),
          submit: t("submit"),
          submitting: t("submitting"),
          errorSummary: ui("errorSummaryTitle"),
          errorTitle: `${t("errorTitle")} – ${ui("appName")}`,
        }}
      />
      <Go to="/login" words={t("back")} variant="quiet" />
    </>
  );
}

/** A form and not a link: the link component alone would take this page over its budget. */
function Go({ to, words, variant }: { to: string; words: string; variant: "primary" | "quiet" }) {
  return (
    <form action={to}>
      <Button type="submit" variant={variant} size="lg" block>
        {words}
      </Button>
    </form>
  );
}
