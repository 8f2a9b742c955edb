import { SearchX } from "@/components/ui/icon";
import { getTranslations } from "next-intl/server";
import { metadataFor, PageFor } from "@/app/_shell/page-for";
import { EmptyState } from "@/components/patterns/empty-state";
import { LinkButton } from "@/components/ui/link-button";

export async function generateMetadata() {
  return metadataFor("GUARDIAN", (await getTranslations("family"))("childNotFoundTitle"));
}

/** Somebody else's child and a child that never was look the same. */
export default async function ChildNotFound() {
  const t = await getTranslations("family");
  return (
    <PageFor role="GUARDIAN">
      <EmptyState
        level={1}
        icon={SearchX}
        title={t("childNotFoundTitle")}
        action={<LinkButton href="/family">{t("backHome")}</LinkButton>}
      >
        {t("childNotFoundBody")}
      </EmptyState>
    </PageFor>
  );
}
