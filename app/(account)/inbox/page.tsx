import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { PageHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/link-button";
import { LinkTabs } from "@/components/ui/link-tabs";
import { SubmitButton } from "@/components/ui/submit-button";
import { categoriesFor } from "@/lib/notification/kinds/audience";
import { unreadOfRequest } from "@/app/_shell/unread";
import { getInbox, type Inbox } from "@/lib/notification/inbox/inbox";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { pageContext } from "@/lib/web/page/page-guard";
import { markAllReadAction, undoMarkAllReadAction } from "./actions";
import { InboxEmpty } from "./_components/inbox-empty";
import { NewPill } from "./_components/new-pill";
import { ReadingPlace } from "./_components/reading-place";
import { ThreadList } from "./_components/thread-list";
import { addressOf, markedAtOf, whereOf, type Where } from "./where";

const MOST_NEW = 20;

export async function generateMetadata(): Promise<Metadata> {
  await pageContext("/inbox");
  const [t, unread] = await Promise.all([getTranslations("notifications.inbox"), unreadOfRequest()]);
  return { title: t("metaTitle", { unread }) };
}

export default async function InboxPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const ctx = await pageContext("/inbox");
  const t = await getTranslations("notifications.inbox");
  const search = await searchParams;
  const where = whereOf(search);
  const markedAt = markedAtOf(search);
  const inbox = await inboxAt(ctx, where);
  const [news] = categoriesFor(ctx.actor.roles);
  const isTold = news !== undefined;
  const first: Where = { ...where, cursor: null };
  return (
    <ReadingPlace marked={t("markedOne")}>
      <PageHeader
        title={t("title")}
        description={isTold || inbox.threads.length > 0 ? t("description", { unread: inbox.unread }) : undefined}
        actions={
          <>
            {inbox.unread > 0 ? (
              <form action={markAllReadAction} data-then="[data-marked]">
                <SubmitButton variant="secondary" pendingLabel={t("markingAll")}>
                  {t("markAll")}
                </SubmitButton>
              </form>
            ) : null}
            {isTold ? (
              <LinkButton href="/preferences" variant="quiet">
                {t("choose")}
              </LinkButton>
            ) : null}
          </>
        }
      />
      <div className="grid max-w-reading gap-6">
        {markedAt === null ? null : (
          <div data-marked tabIndex={-1}>
            <Alert
              tone="success"
              role="status"
              actions={
                <form action={undoMarkAllReadAction} data-then="h1">
                  <input type="hidden" name="markedAt" value={markedAt} />
                  <SubmitButton variant="secondary" size="sm">
                    {t("undo")}
                  </SubmitButton>
                </form>
              }
            >
              {t("marked")}
            </Alert>
          </div>
        )}
        {isTold || inbox.threads.length > 0 ? (
          <LinkTabs label={t("filters")} tabs={await tabsOf(inbox, where)} />
        ) : null}
        <div>
          {where.cursor === null && isTold ? (
            <NewPill
              readAt={ctx.now.toISOString()}
              labels={Array.from({ length: MOST_NEW }, (_, n) =>
                n + 1 < MOST_NEW ? t("newCount", { count: n + 1 }) : t("newMany", { count: MOST_NEW }),
              )}
            />
          ) : null}
          {inbox.threads.length === 0 ? (
            <InboxEmpty
              news={news}
              onlyUnread={where.onlyUnread}
              studentName={inbox.students.find(({ id }) => id === where.studentId)?.name ?? null}
            />
          ) : (
            <ThreadList inbox={inbox} back={addressOf(where)} />
          )}
        </div>
        <div className="flex flex-wrap items-center gap-2">
          {where.cursor === null ? null : <LinkButton href={addressOf(first)}>{t("newest")}</LinkButton>}
          {inbox.nextCursor === null ? null : (
            <LinkButton href={addressOf({ ...where, cursor: inbox.nextCursor })}>{t("older")}</LinkButton>
          )}
          {inbox.nextCursor === null && inbox.threads.length > 0 ? (
            <p className="text-sm text-muted">{t("kept")}</p>
          ) : null}
        </div>
      </div>
    </ReadingPlace>
  );
}

async function inboxAt(ctx: Context, where: Where): Promise<Inbox> {
  try {
    const { onlyUnread: unread, studentId, cursor } = where;
    return await getInbox(ctx, { locale: await getLocale(), unread, studentId, cursor });
  } catch (error) {
    // An address from elsewhere, cut in the middle: the newest are a better answer than an error.
    if (where.cursor !== null && error instanceof AppError && error.code === "invalid_request")
      redirect(addressOf({ ...where, cursor: null }));
    throw error;
  }
}

async function tabsOf(inbox: Inbox, { onlyUnread, studentId }: Where) {
  const t = await getTranslations("notifications.inbox");
  const everything: Where = { onlyUnread: false, studentId: null, cursor: null };
  return [
    { href: addressOf(everything), label: t("all"), current: !onlyUnread && studentId === null },
    {
      href: addressOf({ ...everything, onlyUnread: true }),
      label: t("unread"),
      count: inbox.unread,
      current: onlyUnread,
    },
    ...inbox.students.map((student) => ({
      href: addressOf({ ...everything, studentId: student.id }),
      label: student.name,
      current: !onlyUnread && studentId === student.id,
    })),
  ];
}
