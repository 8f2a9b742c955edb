import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SchoolMark } from "@/components/patterns/shell/school-mark";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { SubmitButton } from "@/components/ui/submit-button";
import { unsubscribeOf } from "@/lib/notification/channels/email/unsubscribe/unsubscribe";
import type { PageInput } from "@/lib/web/page/page-props";
import { unsubscribeAction } from "./actions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("notifications.unsubscribe"))("title") };
}

/** Ends mails without signing in. Opening it changes nothing: mail scanners open links too. */
export default async function UnsubscribePage({ params, searchParams }: PageInput<"token">) {
  const [{ token }, { done }, t, ui] = await Promise.all([
    params,
    searchParams,
    getTranslations("notifications.unsubscribe"),
    getTranslations("ui"),
  ]);
  const about = unsubscribeOf(decodeURIComponent(token));
  return (
    <main id="main" tabIndex={-1} className="mx-auto grid w-full max-w-[26rem] gap-6 px-4 pt-10 pb-16 sm:pt-16">
      <p className="flex min-h-11 items-center gap-3">
        <SchoolMark className="size-10" />
        <span className="text-lg font-semibold">{ui("appName")}</span>
      </p>
      {about === null ? (
        <>
          <h1 className="text-3xl">{t("badTitle")}</h1>
          <p>{t("badBody")}</p>
        </>
      ) : (
        <>
          <h1 className="text-3xl">{t(`ask.${about}`)}</h1>
          {done === undefined ? (
            <form action={unsubscribeAction} className="grid gap-4">
              <p>{t("body")}</p>
              <input type="hidden" name="token" value={decodeURIComponent(token)} />
              <SubmitButton size="lg" block pendingLabel={t("working")}>
                {t("confirm")}
              </SubmitButton>
            </form>
          ) : (
            <Alert tone="success" role="status">
              {t("done")} {t("again")}
            </Alert>
          )}
        </>
      )}
      {/* A form and not a link: the link component alone would take this page over its budget. */}
      <form action="/preferences">
        <Button type="submit" variant="quiet">
          {t("alerts")}
        </Button>
      </form>
    </main>
  );
}
