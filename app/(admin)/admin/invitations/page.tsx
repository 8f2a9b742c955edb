import type { Metadata } from "next";
import { getFormatter, getTranslations } from "next-intl/server";
import { SetupSteps } from "@/app/_setup/setup-steps";
import { EmptyState } from "@/components/patterns/empty-state";
import { PageHeader } from "@/components/patterns/page-header";
import { StatRow, StatTile } from "@/components/patterns/stat-tile";
import { Users } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { INVITED_GROUPS } from "@/lib/identity/invitations/waiting-people";
import { accountMailUrl } from "@/lib/notification/channels/email/account-mail";
import { MOST_LINKS } from "@/lib/roster/invite/make-links";
import { uninvited } from "@/lib/roster/invite/uninvited";
import { pageContext, pageMe, titleIsFor } from "@/lib/web/page/page-guard";
import type { PageInput } from "@/lib/web/page/page-props";
import { LinkSheet } from "./_components/link-sheet";

export async function generateMetadata(): Promise<Metadata> {
  await titleIsFor(["ADMIN"]);
  return { title: (await getTranslations("invitations"))("metaTitle") };
}

/** Who has no password yet, and links to print for them. */
export default async function InvitationsPage({ searchParams }: PageInput) {
  const ctx = await pageContext("/admin/invitations", ["ADMIN"]);
  const [t, format, { groups, classes }, { school }, query] = await Promise.all([
    getTranslations("invitations"),
    getFormatter(),
    uninvited(ctx),
    pageMe(ctx),
    searchParams,
  ]);
  const isSetup = query["setup"] === "1";
  const open = INVITED_GROUPS.filter((group) => groups[group].waiting > 0);
  return (
    <>
      {isSetup ? (
        <div data-no-print className="mb-4">
          <SetupSteps current={3} />
        </div>
      ) : null}
      <div data-no-print>
        <PageHeader
          breadcrumbs={[{ href: "/admin/import", label: t("roster") }]}
          title={t("title")}
          description={t("description")}
          actions={isSetup ? <LinkButton href="/admin">{t("finish")}</LinkButton> : undefined}
        />
      </div>
      {open.length === 0 ? (
        <EmptyState icon={Users} title={t("emptyTitle")}>
          {t("emptyBody")}
        </EmptyState>
      ) : (
        <div className="grid gap-8">
          <div data-no-print className="max-w-reading">
            <StatRow>
              {INVITED_GROUPS.map((group) => (
                <StatTile
                  key={group}
                  label={t(`groups.${group}`)}
                  value={format.number(groups[group].waiting)}
                  hint={t("linked", { count: groups[group].linked })}
                />
              ))}
            </StatRow>
          </div>
          <LinkSheet
            canMail={accountMailUrl() !== null}
            school={school.name}
            groups={open.map((group) => ({ value: group, label: t(`groups.${group}`) }))}
            classes={classes.map(({ id, code, title, students }) => ({
              value: id,
              label: t("classChoice", { code, title, count: students }),
            }))}
            words={{
              whom: t("whom"),
              ofClass: t("ofClass"),
              ofClassHint: t("ofClassHint"),
              allClasses: t("allClasses"),
              again: t("again"),
              againHint: t("againHint"),
              make: t("make"),
              making: t("making"),
              failed: t("failed"),
              none: t("none"),
              once: t("once"),
              more: t("more", { most: MOST_LINKS }),
              print: t("print"),
              sheet: t("sheet"),
              open: t("open"),
              mail: t("mail"),
            }}
          />
        </div>
      )}
    </>
  );
}
