import { getTranslations } from "next-intl/server";
import { EmptyState } from "@/components/patterns/empty-state";
import { LinkButton } from "@/components/ui/link-button";

/** A class of somebody else and a class that never was look the same. */
export default async function ClassNotFound() {
  const t = await getTranslations("attendance.sheet");
  return (
    <EmptyState title={t("notFoundTitle")} action={<LinkButton href="/today">{t("back")}</LinkButton>}>
      {t("notFoundBody")}
    </EmptyState>
  );
}
