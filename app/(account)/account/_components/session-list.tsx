import { getLocale, getTranslations } from "next-intl/server";
import { momentIn } from "@/components/notification/moments";
import { SectionHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { SubmitButton } from "@/components/ui/submit-button";
import type { SessionDto } from "@/lib/identity/devices/my-sessions";
import { dateWords } from "@/messages/dates";
import { endOtherSessionsAction, endSessionAction } from "../actions";

const ANSWERS = { ended: "signedOut", endedOthers: "signedOutOthers", gone: "gone", failed: "failed" } as const;

/** Where a person is signed in, each place with the way out of it. */
export async function SessionList({
  sessions,
  timeZone,
  result = "",
}: {
  sessions: readonly SessionDto[];
  timeZone: string;
  result?: string | undefined;
}) {
  const [t, locale] = await Promise.all([getTranslations("auth.account"), getLocale()]);
  const day = (iso: string) => dateWords(new Date(iso), locale, { timeZone, day: "numeric", month: "short" });
  const [, answer] = Object.entries(ANSWERS).find(([name]) => name === result) ?? [];
  return (
    <section aria-labelledby="sessions" className="scroll-mt-8">
      <SectionHeader id="sessions" title={t("sessionsTitle")} />
      {answer === undefined ? null : (
        <Alert tone={answer === "failed" ? "error" : "success"} role="status" className="mb-3">
          {t(answer)}
        </Alert>
      )}
      <p className="mb-3 text-muted">{sessions.length > 1 ? t("sessionsBody") : t("onlyHere")}</p>
      <Card padding="none">
        <ul className="divide-y divide-border">
          {sessions.map(({ id, isThis, lastSeenAt, ...session }) => {
            const name = session.name ?? t("unknownDevice");
            const since = day(session.since);
            return (
              <li key={id} className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
                <div className="grid min-w-0 gap-0.5">
                  <p className="flex flex-wrap items-center gap-2 font-medium">
                    {name}
                    {isThis ? <Badge tone="accent">{t("thisDevice")}</Badge> : null}
                  </p>
                  <p className="text-sm text-muted">
                    {isThis
                      ? t("seenNow", { since })
                      : t("seen", { since, last: momentIn(lastSeenAt, timeZone, locale) })}
                  </p>
                </div>
                {isThis ? null : (
                  <form action={endSessionAction}>
                    <input type="hidden" name="id" value={id} />
                    <SubmitButton
                      variant="danger"
                      size="sm"
                      pendingLabel={t("signingOut")}
                      aria-label={t("signOutLabel", { name, since })}
                    >
                      {t("signOut")}
                    </SubmitButton>
                  </form>
                )}
              </li>
            );
          })}
        </ul>
      </Card>
      {sessions.length > 2 ? (
        <form action={endOtherSessionsAction} className="mt-4">
          <SubmitButton variant="danger" pendingLabel={t("signingOut")}>
            {t("signOutOthers")}
          </SubmitButton>
        </form>
      ) : null}
    </section>
  );
}
