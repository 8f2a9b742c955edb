import { getLocale, getTranslations } from "next-intl/server";
import { Card } from "@/components/ui/card";
import type { Inbox, InboxThread } from "@/lib/notification/inbox/inbox";
import { dayText } from "@/lib/notification/kinds/phrases";
import { ThreadItem } from "./thread-item";

/** Things of the inbox under their local dates. */
export async function ThreadList({ inbox, back }: { inbox: Inbox; back: string }) {
  const [t, locale] = await Promise.all([getTranslations("notifications.inbox"), getLocale()]);
  const yesterday = new Date(new Date(`${inbox.today}T00:00:00Z`).getTime() - 86_400_000).toISOString().slice(0, 10);
  const heading = (date: string) =>
    date === inbox.today ? t("today") : date === yesterday ? t("yesterday") : dayText(date, locale);
  const days = [...Map.groupBy(inbox.threads, (thread: InboxThread) => thread.date)];
  return (
    <div className="grid gap-6">
      {days.map(([date, threads]) => (
        <section key={date} aria-labelledby={`day-${date}`}>
          <h2 id={`day-${date}`} className="mb-2 text-sm font-medium text-muted">
            {heading(date)}
          </h2>
          <Card padding="none">
            <ul className="divide-y divide-border">
              {threads.map((thread) => (
                <ThreadItem key={thread.id} thread={thread} timeZone={inbox.timeZone} back={back} />
              ))}
            </ul>
          </Card>
        </section>
      ))}
    </div>
  );
}
