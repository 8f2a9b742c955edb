import { SearchX } from "@/components/ui/icon";
import { getTranslations } from "next-intl/server";
import { metadataFor, PageFor } from "@/app/_shell/page-for";
import { EmptyState } from "@/components/patterns/empty-state";
import { LinkButton } from "@/components/ui/link-button";

export async function generateMetadata() {
  return metadataFor("TEACHER", (await getTranslations("attendance.sheet"))("notFoundTitle"));
}

/** A class of somebody else and a class that never was look the same. */
export default async function ClassNotFound() {
  const t = await getTranslations("attendance.sheet");
  return (
    <PageFor role="TEACHER">
      <EmptyState
        level={1}
        icon={SearchX}
        title={t("notFoundTitle")}
        action={<LinkButton href="/today">{t("back")}</LinkButton>}
      >
        {t("notFoundBody")}
      </EmptyState>
    </PageFor>
  );
}
