import { getTranslations } from "next-intl/server";
import { EmptyState } from "@/components/patterns/empty-state";
import { LinkButton } from "@/components/ui/link-button";

/** Somebody else's child and a child that never was look the same. */
export default async function ChildNotFound() {
  const t = await getTranslations("family");
  return (
    <EmptyState title={t("childNotFoundTitle")} action={<LinkButton href="/family">{t("backHome")}</LinkButton>}>
      {t("childNotFoundBody")}
    </EmptyState>
  );
}
