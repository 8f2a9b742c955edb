import { Inbox } from "@/components/ui/icon";
import { getTranslations } from "next-intl/server";
import { EmptyState } from "@/components/patterns/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import type { Category } from "@/lib/notification/schema";

/** Nothing to list, and why: nothing is sent to this person, nothing unread, nothing about this child, or nothing yet. */
export async function InboxEmpty({
  news,
  onlyUnread,
  studentName,
}: {
  /** What matters most of what this person hears of; undefined: nothing. */
  news: Category | undefined;
  onlyUnread: boolean;
  /** The child that the list is filtered by. */
  studentName: string | null;
}) {
  const t = await getTranslations("notifications.inbox");
  if (news === undefined)
    return (
      <EmptyState icon={Inbox} title={t("nothingTitle")}>
        {t("nothingBody")}
      </EmptyState>
    );
  const showAll = <LinkButton href="/inbox">{t("showAll")}</LinkButton>;
  if (onlyUnread)
    return (
      <EmptyState icon={Inbox} title={t("emptyUnreadTitle")} action={showAll}>
        {t("emptyUnreadBody")}
      </EmptyState>
    );
  if (studentName !== null)
    return (
      <EmptyState icon={Inbox} title={t("emptyChildTitle", { name: studentName })} action={showAll}>
        {t("emptyChildBody")}
      </EmptyState>
    );
  return (
    <EmptyState icon={Inbox} title={t("emptyTitle")}>
      {t("emptyBody", { news })}
    </EmptyState>
  );
}
