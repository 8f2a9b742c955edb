import { getMessages } from "next-intl/server";
import { type AlertReach, reachLines } from "@/components/attendance/class-grid/view/alert-reach-lines";
import { fill } from "@/components/patterns/data/fill";
import type { Alerts } from "@/components/attendance/class-grid/sync/sheet-api";
import { Button } from "@/components/ui/button";
import { notifyNowAction, reopenSheetAction } from "../actions";

type PlainGraceProps = { classSessionId: string; alerts: Alerts; reach: AlertReach | null; locale: string };

/** A finished class before its guardians are notified, without script: until when, whom, and two buttons that end it. */
export async function PlainGrace({ classSessionId, alerts, reach, locale }: PlainGraceProps) {
  const strings = (await getMessages()).attendance.grid;
  const at = alerts.at.slice(11, 19);
  const finished = alerts.finishedAt?.slice(11, 19) ?? "";
  return (
    <form className="mb-4 grid max-w-3xl gap-2 rounded-lg border border-border bg-surface px-4 py-3">
      <input type="hidden" name="classSessionId" value={classSessionId} />
      <p className="tabular">{fill(reach ? strings.graceAt : strings.graceNobody, { finished, at })}</p>
      {reach
        ? reachLines(reach, { at: at.slice(0, 5), strings, locale }).map((line) => (
            <p key={line} className="text-sm text-muted">
              {line}
            </p>
          ))
        : null}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" formAction={reopenSheetAction}>
          {strings.reopen}
        </Button>
        {reach ? (
          <Button type="submit" formAction={notifyNowAction}>
            {strings.notifyNow}
          </Button>
        ) : null}
      </div>
    </form>
  );
}
