import type { Metadata } from "next";
import { getLocale, getMessages, getTranslations } from "next-intl/server";
import { noticeOf } from "@/components/attendance/class-grid/state/grace-notice";
import { alertsOf } from "@/components/attendance/class-grid/sync/sheet-api";
import { Alert } from "@/components/ui/alert";
import { graceSecondsOf } from "@/lib/attendance/grace/grace";
import { schoolOfActor } from "@/lib/identity/people/school-of-actor";
import { orNotFound } from "@/lib/web/page/or-not-found";
import { pageContext } from "@/lib/web/page/page-guard";
import { reachOf } from "../_components/alert-reach";
import { ClassFrame, classMetadata, sheetOf } from "../_components/class-frame";
import { PlainGrace } from "../_components/plain-grace";
import { PlainSheet } from "../_components/plain-sheet";

type Props = {
  params: Promise<{ classSessionId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};
const TOLD_FAILURES = ["attendance_locked", "version_conflict", "student_not_enrolled", "reopen"] as const;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return classMetadata((await params).classSessionId);
}

/** The sheet of a class as a form, which needs no script. It says what became of the form that was sent last. */
export default async function PlainClassPage({ params, searchParams }: Props) {
  const { classSessionId } = await params;
  const ctx = await pageContext(`/classes/${classSessionId}/plain`, ["TEACHER"]);
  const [t, locale, messages, sheet, school, query] = await Promise.all([
    getTranslations("attendance.sheet"),
    getLocale(),
    getMessages(),
    sheetOf(classSessionId).catch(orNotFound),
    schoolOfActor(ctx),
    searchParams,
  ]);
  const { classSession } = sheet;
  const isFinal = classSession.state === "FINALIZED";
  const isPending = sheet.alertsAt !== null && Date.parse(sheet.alertsAt) > ctx.now.getTime();
  const alerts = isPending ? alertsOf({ finalizedAt: classSession.finalizedAt, alertsAt: sheet.alertsAt }) : null;
  const reach = isFinal ? await reachOf(ctx, sheet) : null;
  const failed = typeof query["failed"] === "string" ? query["failed"] : undefined;
  const done = (["finished", "saved", "reopened", "notified"] as const).find((word) => word === query["done"]);
  const failure = TOLD_FAILURES.find((code) => code === failed) ?? "other";
  return (
    <ClassFrame {...{ sheet, ctx }} timeZone={school.timeZone}>
      {failed !== undefined ? (
        <Alert tone="error" role="alert" className="mb-4">
          {t(`plain.failed.${failure}`)}
        </Alert>
      ) : null}
      {done ? (
        <Alert tone="success" role="status" className="mb-4">
          {t(`plain.${done === "finished" && alerts ? "finishedGrace" : done}`)}
        </Alert>
      ) : null}
      {alerts && !sheet.lock ? <PlainGrace classSessionId={classSession.id} {...{ alerts, reach, locale }} /> : null}
      <PlainSheet
        sheet={sheet}
        notice={noticeOf(messages.attendance.grid, {
          isFinal,
          alertsAt: alerts?.at ?? null,
          graceSeconds: graceSecondsOf(school),
          locale,
        })}
      />
    </ClassFrame>
  );
}
