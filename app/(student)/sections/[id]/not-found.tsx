import { SearchX } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { EmptyState } from "@/components/patterns/empty-state";
import { PageHeader } from "@/components/patterns/page-header";
import { LinkButton } from "@/components/ui/link-button";

export default async function SectionNotFound() {
  const t = await getTranslations("sections.detail");
  return (
    <>
      <PageHeader title={t("notFoundTitle")} />
      <EmptyState
        icon={SearchX}
        title={t("notFoundBody")}
        action={<LinkButton href="/sections">{t("back")}</LinkButton>}
      />
    </>
  );
}
