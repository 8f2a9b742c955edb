import { Bell, BellOff } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { EmptyState } from "@/components/patterns/empty-state";
import { LinkButton } from "@/components/ui/link-button";

/** Nothing to list, and why: nothing is sent to this person, nothing unread, nothing about this child, or nothing yet. */
export async function InboxEmpty({
  isTold,
  onlyUnread,
  studentName,
}: {
  isTold: boolean;
  onlyUnread: boolean;
  /** The child that the list is filtered by. */
  studentName: string | null;
}) {
  const t = await getTranslations("notifications.inbox");
  if (!isTold)
    return (
      <EmptyState icon={BellOff} title={t("nothingTitle")}>
        {t("nothingBody")}
      </EmptyState>
    );
  const showAll = <LinkButton href="/inbox">{t("showAll")}</LinkButton>;
  if (onlyUnread)
    return (
      <EmptyState icon={BellOff} title={t("emptyUnreadTitle")} action={showAll}>
        {t("emptyUnreadBody")}
      </EmptyState>
    );
  if (studentName !== null)
    return (
      <EmptyState icon={Bell} title={t("emptyChildTitle", { name: studentName })} action={showAll}>
        {t("emptyChildBody")}
      </EmptyState>
    );
  return (
    <EmptyState icon={Bell} title={t("emptyTitle")}>
      {t("emptyBody")}
    </EmptyState>
  );
}
