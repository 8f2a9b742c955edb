import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { cache } from "react";
import { momentIn } from "@/components/notification/moments";
import { DescriptionList } from "@/components/patterns/description-list";
import { PageHeader, SectionHeader } from "@/components/patterns/page-header";
import { TextLink } from "@/components/ui/text-link";
import { auditOfPerson } from "@/lib/identity/office/audit-log";
import { schoolPerson } from "@/lib/identity/office/person";
import { personDevices } from "@/lib/notification/queries";
import { personSections } from "@/lib/timetable/person-sections";
import { orNotFound } from "@/lib/web/page/or-not-found";
import { pageContext, pageMe, titleIsFor } from "@/lib/web/page/page-guard";
import type { PageInput } from "@/lib/web/page/page-props";
import { AuditLines } from "../_components/audit-lines";
import { StateBadge } from "../_components/state-badge";
import { AccountPart } from "./_components/account-part";
import { PersonSessions } from "./_components/person-sessions";
import { RolesPart } from "./_components/roles-part";
import { SecondFactorPart } from "./_components/second-factor-part";
import { WayInPart } from "./_components/way-in-part";

const personOf = cache(async (personId: string) => {
  const ctx = await pageContext(`/admin/people/${personId}`, ["ADMIN"]);
  return schoolPerson(ctx, { personId, locale: await getLocale() }).catch(orNotFound);
});

export async function generateMetadata({ params }: PageInput<"personId">): Promise<Metadata> {
  await titleIsFor(["ADMIN"]);
  const [{ name }, t] = await Promise.all([personOf((await params).personId), getTranslations("people.office")]);
  return { title: `${name} – ${t("title")}` };
}

/** A person of the school: who they are, how they sign in, where they are signed in, and what was done with the account. */
export default async function PersonPage({ params, searchParams }: PageInput<"personId">) {
  const [{ personId }, query] = await Promise.all([params, searchParams]);
  const person = await personOf(personId);
  const ctx = await pageContext(`/admin/people/${personId}`, ["ADMIN"]);
  const locale = await getLocale();
  const [{ school }, sections, devices, events, t, office, ui] = await Promise.all([
    pageMe(ctx),
    personSections(ctx, { personId }),
    personDevices(ctx, { personId, locale }),
    auditOfPerson(ctx, { personId }),
    getTranslations("people.person"),
    getTranslations("people.office"),
    getTranslations("ui"),
  ]);
  const moment = (iso: string) => momentIn(iso, school.timeZone, locale);
  const answer = typeof query["result"] === "string" ? query["result"] : null;
  const answerOf = (part: string) => (query["part"] === part ? answer : null);
  const relatives = (list: typeof person.guardians) =>
    list.map((relative) => (
      <span key={relative.id} className="flex flex-wrap items-center gap-2">
        <TextLink href={`/admin/people/${relative.id}`}>{relative.name}</TextLink>
        {relative.state === "open" ? null : <StateBadge state={relative.state} />}
      </span>
    ));
  return (
    <>
      <PageHeader
        breadcrumbs={[{ href: "/admin/people", label: office("title") }]}
        title={person.name}
        meta={<StateBadge state={person.state} />}
      />
      <div className="grid max-w-reading grid-cols-[minmax(0,1fr)] gap-10">
        <section aria-label={t("facts")}>
          <DescriptionList
            items={[
              { term: t("email"), value: <span className="wrap-anywhere">{person.email ?? t("noEmail")}</span> },
              {
                term: t("roles"),
                value: person.roles.map((role) => ui(`role.${role}`)).join(", ") || t("noRoles"),
              },
              {
                term: t("lastSignIn"),
                value: person.lastSignInAt === null ? t("never") : moment(person.lastSignInAt),
              },
              ...(person.invitedUntil === null
                ? []
                : [{ term: t("account"), value: t("invitedUntil", { date: moment(person.invitedUntil) }) }]),
              ...(person.guardians.length === 0
                ? []
                : [{ term: t("guardians"), value: <div className="grid gap-1">{relatives(person.guardians)}</div> }]),
              ...(person.children.length === 0
                ? []
                : [{ term: t("children"), value: <div className="grid gap-1">{relatives(person.children)}</div> }]),
              ...(sections.length === 0
                ? []
                : [
                    {
                      term: t("classes"),
                      value: (
                        <ul className="grid gap-1">
                          {sections.map(({ id, code, title, teaches }) => (
                            <li key={`${id} ${String(teaches)}`}>
                              {t(teaches ? "teaches" : "attends", { code, title })}
                            </li>
                          ))}
                        </ul>
                      ),
                    },
                  ]),
            ]}
          />
        </section>
        <WayInPart person={person} school={school.name} />
        <PersonSessions person={person} devices={devices} timeZone={school.timeZone} answer={answerOf("sessions")} />
        <RolesPart person={person} answer={answerOf("roles")} />
        <SecondFactorPart person={person} answer={answerOf("factor")} />
        <AccountPart person={person} answer={answerOf("account")} />
        <section aria-labelledby="history">
          <SectionHeader id="history" title={t("historyTitle")} />
          <AuditLines lines={events} timeZone={school.timeZone} none={t("historyNone")} />
        </section>
      </div>
    </>
  );
}
