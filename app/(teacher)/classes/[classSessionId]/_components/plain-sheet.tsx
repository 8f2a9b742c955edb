import { getTranslations } from "next-intl/server";
import { Checkbox } from "@/components/ui/choice";
import { Button } from "@/components/ui/button";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { ATTENDANCE_STATUSES, type SheetDto } from "@/lib/attendance/schema";
import { saveSheetAction } from "../actions";

/** The sheet without script: the same table, a radio group a row, one form. When it is locked it can only be read. */
export async function PlainSheet({ sheet }: { sheet: SheetDto }) {
  const [t, grid, ui] = await Promise.all([
    getTranslations("attendance.sheet.plain"),
    getTranslations("attendance.grid"),
    getTranslations("ui"),
  ]);
  const isLocked = sheet.lock !== null;
  const isFinal = sheet.classSession.state === "FINALIZED";
  return (
    <form action={saveSheetAction} className="grid gap-4">
      <input type="hidden" name="classSessionId" value={sheet.classSession.id} />
      <input type="hidden" name="expectedVersion" value={sheet.version} />
      {isLocked ? null : <p className="text-sm text-muted">{isFinal ? grid("correctNotice") : grid("tellNotice")}</p>}
      <Table caption={t("caption")}>
        <thead>
          <tr>
            <Th>{t("student")}</Th>
            {ATTENDANCE_STATUSES.map((status) => (
              <Th key={status}>{ui(`attendanceStatus.${status}`)}</Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sheet.roster.map(({ student, status }) => (
            <Tr key={student.id}>
              <Th scope="row">
                {student.name}
                <input type="hidden" name="student" value={student.id} />
              </Th>
              {ATTENDANCE_STATUSES.map((own) => (
                <Td key={own}>
                  <label className="inline-flex size-11 items-center justify-center">
                    <input
                      type="radio"
                      name={`mark.${student.id}`}
                      value={own}
                      disabled={isLocked}
                      defaultChecked={status === own}
                      aria-label={t("choice", { name: student.name, status: ui(`attendanceStatus.${own}`) })}
                      className="size-5 accent-primary"
                    />
                  </label>
                </Td>
              ))}
            </Tr>
          ))}
        </tbody>
      </Table>
      {isLocked ? null : (
        <>
          <Checkbox name="othersPresent" label={t("othersPresent")} />
          <div className="flex flex-wrap gap-2">
            <Button type="submit" variant="primary" name="finish" value="1">
              {t("finish")}
            </Button>
            <Button type="submit" name="finish" value="0">
              {t("save")}
            </Button>
          </div>
        </>
      )}
    </form>
  );
}
