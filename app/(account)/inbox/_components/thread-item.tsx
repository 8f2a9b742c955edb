import { getLocale, getTranslations } from "next-intl/server";
import { clockIn } from "@/components/notification/moments";
import { Disclosure } from "@/components/ui/disclosure";
import { CalendarCheck, CalendarClock, Icon, PencilLine, UserX } from "@/components/ui/icon";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextLink } from "@/components/ui/text-link";
import type { InboxThread } from "@/lib/notification/inbox/inbox";
import type { Category } from "@/lib/notification/schema";
import { dayText } from "@/lib/notification/kinds/phrases";
import { markReadAction } from "../actions";

const ICONS = {
  absence: UserX,
  attendanceCorrection: PencilLine,
  enrollment: CalendarCheck,
  classChange: CalendarClock,
} as const;
const WHY = {
  absence: "whyAbsence",
  attendanceCorrection: "whyCorrection",
  enrollment: "whyEnrollment",
  classChange: "whyClassChange",
} as const satisfies Record<Category, string>;

/** One thing: the sentence, what was corrected, when it was told, and why. A correction stands under its alert. */
export async function ThreadItem({ thread, timeZone, back }: { thread: InboxThread; timeZone: string; back: string }) {
  const [t, root, locale] = await Promise.all([
    getTranslations("notifications.inbox"),
    getTranslations("notifications"),
    getLocale(),
  ]);
  const time = (iso: string) => clockIn(iso, timeZone, locale);
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <span className="mt-0.5 inline-flex size-8 shrink-0 items-center justify-center rounded-full bg-sunken text-muted">
        <Icon icon={ICONS[thread.category]} size="sm" />
      </span>
      <div className="grid min-w-0 flex-1 gap-0.5">
        <p className="flex items-start gap-2">
          {/* A plain link: opening it marks as read, and nothing may do that ahead of the press. */}
          <a
            href={`/n/${thread.id}`}
            className={`rounded-sm hover:underline ${thread.unread ? "font-semibold" : "font-normal"}`}
          >
            {thread.unread ? (
              <span className="me-2 inline-block size-2 rounded-full bg-accent align-middle">
                <span className="sr-only">{t("unreadWord")}</span>
              </span>
            ) : null}
            {thread.title}
          </a>
        </p>
        <p className="flex flex-wrap gap-x-3 text-sm text-muted tabular">
          <span>{thread.body}</span>
          <span>
            {thread.pushedAt === null
              ? t("receivedAt", { received: time(thread.at) })
              : t("receivedAndPushedAt", { received: time(thread.at), pushed: time(thread.pushedAt) })}
          </span>
        </p>
        {thread.corrections.map((correction) => {
          const values = {
            from: root(`status.${correction.from}`),
            to: root(`status.${correction.to}`),
            time: time(correction.at),
          };
          return (
            <p key={correction.at} className="text-sm font-medium">
              {correction.date === thread.date
                ? t("correctedAt", values)
                : t("correctedOn", { ...values, day: dayText(correction.date, locale) })}
            </p>
          );
        })}
        <div className="flex flex-wrap items-start justify-between gap-x-4 text-sm">
          <Disclosure summary={t("why")} className="min-w-0">
            <p className="text-muted">{t(WHY[thread.category])}</p>
            <TextLink href="/preferences">{t("change")}</TextLink>
          </Disclosure>
          {thread.unread ? (
            <form action={markReadAction} className="ms-auto" data-then={`a[href="/n/${thread.id}"]`}>
              <input type="hidden" name="id" value={thread.id} />
              <input type="hidden" name="back" value={back} />
              <SubmitButton size="sm" variant="quiet" aria-label={t("markReadLabel", { title: thread.title })}>
                {t("markRead")}
              </SubmitButton>
            </form>
          ) : null}
        </div>
      </div>
    </li>
  );
}
