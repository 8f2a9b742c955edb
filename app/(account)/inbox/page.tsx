import { Bell, BellOff } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { EmptyState } from "@/components/patterns/empty-state";
import { PageHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/link-button";
import { LinkTabs } from "@/components/ui/link-tabs";
import { SubmitButton } from "@/components/ui/submit-button";
import { getInbox } from "@/lib/notification/inbox";
import { idSchema, instantSchema } from "@/lib/shared/schema";
import { pageContext } from "@/lib/web/page-guard";
import { markAllReadAction, undoMarkAllReadAction } from "./actions";
import { ThreadList } from "./_components/thread-list";

type Search = { show?: string; student?: string; cursor?: string; marked?: string };
type Where = { show?: string | undefined; student?: string | undefined; cursor?: string | undefined };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("notifications.inbox");
  return { title: t("metaTitle") };
}

export default async function InboxPage({ searchParams }: { searchParams: Promise<Search> }) {
  const ctx = await pageContext("/inbox");
  const t = await getTranslations("notifications.inbox");
  const search = await searchParams;
  const onlyUnread = search.show === "unread";
  const studentId = idSchema.safeParse(search.student).data ?? null;
  const markedAt = instantSchema.safeParse(search.marked).data;
  const inbox = await getInbox(ctx, { unread: onlyUnread, studentId, cursor: search.cursor ?? null });
  const tabs = [
    { href: "/inbox", label: t("all"), current: !onlyUnread && studentId === null },
    { href: "/inbox?show=unread", label: t("unread"), count: inbox.unread, current: onlyUnread },
    ...inbox.students.map((student) => ({
      href: `/inbox?${new URLSearchParams({ student: student.id }).toString()}`,
      label: student.name,
      current: studentId === student.id,
    })),
  ];
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description", { unread: inbox.unread })}
        actions={
          <>
            {inbox.unread > 0 ? (
              <form action={markAllReadAction}>
                <SubmitButton variant="secondary" pendingLabel={t("markingAll")}>
                  {t("markAll")}
                </SubmitButton>
              </form>
            ) : null}
            <LinkButton href="/preferences" variant="quiet">
              {t("choose")}
            </LinkButton>
          </>
        }
      />
      <div className="grid max-w-reading gap-6">
        {markedAt === undefined ? null : (
          <Alert
            tone="success"
            actions={
              <form action={undoMarkAllReadAction}>
                <input type="hidden" name="markedAt" value={markedAt} />
                <SubmitButton variant="secondary" size="sm">
                  {t("undo")}
                </SubmitButton>
              </form>
            }
          >
            {t("marked")}
          </Alert>
        )}
        <LinkTabs label={t("filters")} tabs={tabs} />
        {inbox.threads.length === 0 ? (
          <EmptyState
            icon={onlyUnread ? BellOff : Bell}
            title={onlyUnread ? t("emptyUnreadTitle") : t("emptyTitle")}
            action={onlyUnread ? <LinkButton href="/inbox">{t("showAll")}</LinkButton> : undefined}
          >
            {onlyUnread ? t("emptyUnreadBody") : t("emptyBody")}
          </EmptyState>
        ) : (
          <ThreadList inbox={inbox} back={addressOf(search)} />
        )}
        <div className="flex flex-wrap gap-2">
          {search.cursor === undefined ? null : (
            <LinkButton href={addressOf({ ...search, cursor: undefined })}>{t("newest")}</LinkButton>
          )}
          {inbox.nextCursor === null ? null : (
            <LinkButton href={addressOf({ ...search, cursor: inbox.nextCursor })}>{t("older")}</LinkButton>
          )}
        </div>
      </div>
    </>
  );
}

function addressOf({ show, student, cursor }: Where): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ show, student, cursor })) if (value) query.set(name, value);
  return query.size > 0 ? `/inbox?${query.toString()}` : "/inbox";
}
