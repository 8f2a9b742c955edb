import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PageHeader } from "@/components/patterns/page-header";
import { ROLES } from "@/lib/shared/context";
import { pageContext, pageMe, titleIsFor } from "@/lib/web/page/page-guard";
import { AddPersonForm } from "./_components/add-person-form";

export async function generateMetadata(): Promise<Metadata> {
  await titleIsFor(["ADMIN"]);
  return { title: (await getTranslations("people.add"))("metaTitle") };
}

/** Somebody whom no roster names: a colleague in the office, for example. */
export default async function AddPersonPage() {
  const ctx = await pageContext("/admin/people/new", ["ADMIN"]);
  const [{ school }, t, person, office, ui] = await Promise.all([
    pageMe(ctx),
    getTranslations("people.add"),
    getTranslations("people.person"),
    getTranslations("people.office"),
    getTranslations("ui"),
  ]);
  return (
    <>
      <PageHeader
        breadcrumbs={[{ href: "/admin/people", label: office("title") }]}
        title={t("title")}
        description={t("description")}
      />
      <AddPersonForm
        school={school.name}
        roles={ROLES.map((value) => ({ value, label: ui(`role.${value}`) }))}
        words={{
          givenName: t("givenName"),
          familyName: t("familyName"),
          email: t("email"),
          roles: t("roles"),
          submit: t("submit"),
          submitting: t("submitting"),
          open: t("open"),
          errorSummary: t("errorSummary"),
          once: person("shownOnce"),
          openInvitation: person("openInvitation"),
          openReset: person("openReset"),
          print: person("print"),
        }}
      />
    </>
  );
}
