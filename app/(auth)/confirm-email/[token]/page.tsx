import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Button } from "@/components/ui/button";
import { SubmitButton } from "@/components/ui/submit-button";
import { findEmailChange } from "@/lib/identity/account/email-changes";
import type { PageInput } from "@/lib/web/page/page-props";
import { confirmEmailAction } from "./actions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("account.confirm"))("pageTitle") };
}

/** Confirms a new e-mail address, by whoever can read its mail. Opening it changes nothing: mail scanners open links too. */
export default async function ConfirmEmailPage({ params, searchParams }: PageInput<"token">) {
  const [{ token }, { done }, t] = await Promise.all([params, searchParams, getTranslations("account.confirm")]);
  const change = await findEmailChange(token);
  const isDone = done !== undefined;
  if (!change)
    return (
      <>
        <h1 className="text-3xl">{t(isDone ? "doneTitle" : "endedTitle")}</h1>
        <p>{t(isDone ? "doneBody" : "endedBody")}</p>
        {/* A form and not a link: the link component alone would take this page over its budget. */}
        <form action="/account">
          <Button type="submit" variant="primary" size="lg" block>
            {t("account")}
          </Button>
        </form>
      </>
    );
  return (
    <>
      <h1 className="text-3xl">{t("title")}</h1>
      <p className="wrap-anywhere">{t("body", { email: change.email })}</p>
      <form action={confirmEmailAction}>
        <input type="hidden" name="token" value={token} />
        <SubmitButton size="lg" block pendingLabel={t("working")}>
          {t("confirm")}
        </SubmitButton>
      </form>
    </>
  );
}
