import type { Metadata } from "next";
import { getLocale, getMessages, getTranslations } from "next-intl/server";
import { ClassGrid } from "@/components/attendance/class-grid/class-grid";
import { nextClass } from "@/components/attendance/class-grid/sync/next-class";
import { alertsOf, sheetRows } from "@/components/attendance/class-grid/sync/sheet-api";
import { clockText } from "@/components/attendance/times";
import { pack } from "@/components/patterns/data/packed";
import { LinkButton } from "@/components/ui/link-button";
import { graceSecondsOf } from "@/lib/attendance/grace/grace";
import { classSessions } from "@/lib/attendance/sheet/queries";
import { schoolOfActor } from "@/lib/identity/people/school-of-actor";
import { orNotFound } from "@/lib/web/page/or-not-found";
import { pageContext } from "@/lib/web/page/page-guard";
import { reachOf } from "./_components/alert-reach";
import { ClassFrame, classMetadata, sheetOf } from "./_components/class-frame";

type Props = { params: Promise<{ classSessionId: string }> };
/** More classes than anybody teaches on a day. */
const CLASSES_OF_A_DAY = 200;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return classMetadata((await params).classSessionId);
}

/**
 * The class grid; a browser without script goes on to the same sheet as a form. There is no skeleton before it: what is
 * streamed after one stays hidden from such a browser, and the list needs no more than some milliseconds.
 */
export default async function ClassPage({ params }: Props) {
  const { classSessionId } = await params;
  const path = `/classes/${classSessionId}`;
  const ctx = await pageContext(path, ["TEACHER"]);
  const [t, locale, messages, sheet, school] = await Promise.all([
    getTranslations("attendance.sheet.plain"),
    getLocale(),
    getMessages(),
    sheetOf(classSessionId).catch(orNotFound),
    schoolOfActor(ctx),
  ]);
  const { classSession } = sheet;
  const isFinal = classSession.state === "FINALIZED";
  const isPending = sheet.alertsAt !== null && Date.parse(sheet.alertsAt) > ctx.now.getTime();
  const alerts = isPending ? alertsOf({ finalizedAt: classSession.finalizedAt, alertsAt: sheet.alertsAt }) : null;
  // Both are shown of a finished class only, and a class that is finished here asks for this page again.
  const [reach, day] = isFinal
    ? await Promise.all([reachOf(ctx, sheet), classSessions(ctx, { limit: CLASSES_OF_A_DAY })])
    : [null, null];
  const plain = `${path}/plain`;
  return (
    <ClassFrame {...{ sheet, ctx }} timeZone={school.timeZone}>
      <ClassGrid
        key={`${classSession.id} ${sheet.lock}`}
        classSessionId={classSession.id}
        teacherId={ctx.actor.userId}
        packed={pack({ rows: sheetRows(sheet, ctx.actor.userId), strings: messages.attendance.grid })}
        version={sheet.version}
        isFinal={isFinal}
        alerts={alerts}
        graceSeconds={graceSecondsOf(school)}
        reach={reach}
        readOnly={sheet.lock !== null}
        startsAt={classSession.startsAt}
        endsAt={classSession.endsAt}
        title={classSession.section.title}
        detail={[
          `${clockText(classSession.startsAt)}–${clockText(classSession.endsAt)}`,
          classSession.section.code,
          classSession.location,
        ]
          .filter(Boolean)
          .join(" · ")}
        timeZone={school.timeZone}
        locale={locale}
        next={day && nextClass(day.items, classSession.id)}
        signInHref={`/login?from=${encodeURIComponent(path)}`}
      />
      <noscript>
        <meta httpEquiv="refresh" content={`0;url=${plain}`} />
        <LinkButton href={plain}>{t("link")}</LinkButton>
      </noscript>
    </ClassFrame>
  );
}
