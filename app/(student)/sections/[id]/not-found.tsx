import { SearchX } from "@/components/ui/icon";
import { getTranslations } from "next-intl/server";
import { metadataFor, PageFor } from "@/app/_shell/page-for";
import { EmptyState } from "@/components/patterns/empty-state";
import { LinkButton } from "@/components/ui/link-button";

export async function generateMetadata() {
  return metadataFor("STUDENT", (await getTranslations("sections.detail"))("notFoundTitle"));
}

export default async function SectionNotFound() {
  const t = await getTranslations("sections.detail");
  return (
    <PageFor role="STUDENT">
      <EmptyState
        level={1}
        icon={SearchX}
        title={t("notFoundTitle")}
        action={<LinkButton href="/sections">{t("back")}</LinkButton>}
      >
        {t("notFoundBody")}
      </EmptyState>
    </PageFor>
  );
}
