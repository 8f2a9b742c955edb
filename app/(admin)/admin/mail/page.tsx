import { Mail } from "@/components/ui/icon";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { notFound } from "next/navigation";
import { EmptyState } from "@/components/patterns/empty-state";
import { PageHeader } from "@/components/patterns/page-header";
import { Disclosure } from "@/components/ui/disclosure";
import { getMe } from "@/lib/identity/people/get-me";
import { keptMail } from "@/lib/notification/channels/email/kept-mail";
import { pageContext, titleIsFor } from "@/lib/web/page/page-guard";
import { clockWords, dateWords } from "@/messages/dates";

export async function generateMetadata(): Promise<Metadata> {
  await titleIsFor(["ADMIN"]);
  const t = await getTranslations("admin.mail");
  return { title: t("title") };
}

/** What would have been mailed if this installation had a mail server. There is no such page where it has one. */
export default async function KeptMailPage() {
  const ctx = await pageContext("/admin/mail", ["ADMIN"]);
  const [t, tOverview, locale, mails, { school }] = await Promise.all([
    getTranslations("admin.mail"),
    getTranslations("admin.overview"),
    getLocale(),
    keptMail(ctx),
    getMe(ctx),
  ]);
  if (mails === null) notFound();
  const day = { day: "numeric", month: "short", timeZone: school.timeZone } as const;
  return (
    <>
      <PageHeader
        breadcrumbs={[{ href: "/admin", label: tOverview("title") }]}
        title={t("title")}
        description={t("description")}
      />
      {mails.length === 0 ? (
        <div className="max-w-reading">
          <EmptyState icon={Mail} title={t("emptyTitle")}>
            {t("emptyBody")}
          </EmptyState>
        </div>
      ) : (
        <ul aria-label={t("title")} className="max-w-reading overflow-clip rounded-lg border border-border bg-surface">
          {mails.map((mail) => {
            const at = new Date(mail.at);
            return (
              <li key={mail.id} className="border-t border-border px-4 py-2 first:border-t-0">
                <p className="text-sm text-muted wrap-anywhere tabular">
                  {dateWords(at, locale, day)}, {clockWords(at, locale, school.timeZone)} · {mail.to}
                </p>
                <Disclosure name="mail" summary={mail.subject}>
                  <p className="text-sm wrap-anywhere whitespace-pre-wrap">{mail.text}</p>
                </Disclosure>
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}
