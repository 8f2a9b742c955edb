import { getTranslations } from "next-intl/server";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { endsToConfirm } from "@/lib/roster/office/import-preview";
import type { StoredReport } from "@/lib/roster/run/report";
import { cancelAction, importAction } from "../actions";

export interface StartImportProps {
  id: string;
  report: StoredReport;
  isSetup: boolean;
  isEndsWrong: boolean;
}

/** The decision about a preview: import it, with the dangerous part said and confirmed, or throw it away. */
export async function StartImport({ id, report, isSetup, isEndsWrong }: StartImportProps) {
  const t = await getTranslations("rosterImport");
  const { ended } = report.tallies.users;
  const confirm = endsToConfirm(report);
  const isNothing = Object.values(report.tallies).every((tally) => tally.created + tally.changed + tally.ended === 0);
  const hidden = (
    <>
      <input type="hidden" name="id" value={id} />
      {isSetup ? <input type="hidden" name="setup" value="1" /> : null}
    </>
  );
  if (isNothing) return <Alert tone="success">{t("nothing")}</Alert>;
  return (
    <div className="grid max-w-form gap-4">
      {ended === 0 ? null : (
        <Alert tone="warning" title={t("endsTitle", { count: ended })}>
          {t("endsBody")}
        </Alert>
      )}
      <div className="flex flex-wrap items-end gap-2">
        <form action={importAction} className="grid gap-4">
          {hidden}
          {confirm === 0 ? null : (
            <TextField
              name="ends"
              label={t("endsConfirm")}
              hint={t("endsHint", { count: confirm })}
              error={isEndsWrong ? t("endsWrong", { count: confirm }) : undefined}
              inputMode="numeric"
              autoComplete="off"
              autoFocus={isEndsWrong}
              required
            />
          )}
          <SubmitButton pendingLabel={t("starting")} className="justify-self-start">
            {t("start")}
          </SubmitButton>
        </form>
        <form action={cancelAction}>
          {hidden}
          <Button type="submit">{t("discard")}</Button>
        </form>
      </div>
    </div>
  );
}
