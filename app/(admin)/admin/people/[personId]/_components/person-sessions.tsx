import { useLocale, useTranslations } from "next-intl";
import { momentIn } from "@/components/notification/moments";
import { SectionHeader } from "@/components/patterns/page-header";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { SubmitButton } from "@/components/ui/submit-button";
import type { PersonDto } from "@/lib/identity/office/person";
import type { DeviceDto } from "@/lib/notification/schema";
import { dateWords } from "@/messages/dates";
import { endSessionOfAction, endSessionsOfAction } from "../actions";
import { Answer } from "./answer";

/** Where a person is signed in, with the way to end it, and which browsers get their alerts. */
export function PersonSessions({
  person,
  devices,
  timeZone,
  answer,
}: {
  person: PersonDto;
  devices: readonly DeviceDto[];
  timeZone: string;
  answer: string | null;
}) {
  const [t, account, locale] = [useTranslations("people.person"), useTranslations("auth.account"), useLocale()];
  const { sessions, isSelf } = person;
  const day = (iso: string) => dateWords(new Date(iso), locale, { timeZone, day: "numeric", month: "short" });
  const moment = (iso: string) => momentIn(iso, timeZone, locale);
  return (
    <section aria-labelledby="sessions" className="grid scroll-mt-8 gap-3">
      <div className="-mb-3">
        <SectionHeader id="sessions" title={t("sessionsTitle")} />
      </div>
      <Answer answer={answer} />
      {sessions.length === 0 ? (
        <p className="text-muted">{t("noSessions")}</p>
      ) : (
        <Card padding="none">
          <ul className="divide-y divide-border">
            {sessions.map(({ id, isThis, since, lastSeenAt, ...session }) => {
              const name = session.name ?? account("unknownDevice");
              return (
                <li key={id} className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
                  <div className="grid min-w-0 gap-0.5">
                    <p className="flex flex-wrap items-center gap-2 font-medium">
                      {name}
                      {isThis ? <Badge tone="accent">{account("thisDevice")}</Badge> : null}
                    </p>
                    <p className="text-sm text-muted">
                      {account("seen", { since: day(since), last: moment(lastSeenAt) })}
                    </p>
                  </div>
                  {isThis ? null : (
                    <form action={endSessionOfAction}>
                      <input type="hidden" name="personId" value={person.id} />
                      <input type="hidden" name="sessionId" value={id} />
                      <SubmitButton
                        variant="danger"
                        size="sm"
                        pendingLabel={account("signingOut")}
                        aria-label={account("signOutLabel", { name, since: day(since) })}
                      >
                        {account("signOut")}
                      </SubmitButton>
                    </form>
                  )}
                </li>
              );
            })}
          </ul>
        </Card>
      )}
      {sessions.length > 1 ? (
        <form action={endSessionsOfAction}>
          <input type="hidden" name="personId" value={person.id} />
          <SubmitButton variant="danger" pendingLabel={account("signingOut")}>
            {t(isSelf ? "endAllSelf" : "endAll")}
          </SubmitButton>
        </form>
      ) : null}
      <h3 className="mt-3 font-medium">{t("devicesTitle")}</h3>
      {devices.length === 0 ? (
        <p className="text-muted">{t("noDevices")}</p>
      ) : (
        <ul className="grid gap-1">
          {devices.map(({ id, name, lastAcceptedAt }) => (
            <li key={id}>
              {t("deviceLine", { name, last: lastAcceptedAt === null ? "never" : moment(lastAcceptedAt) })}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
