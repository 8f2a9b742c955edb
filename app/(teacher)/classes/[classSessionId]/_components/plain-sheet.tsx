import { getLocale, getMessages, getTranslations } from "next-intl/server";
import { listName } from "@/components/attendance/class-grid/state/grid-words";
import { dayText } from "@/components/attendance/times";
import { Checkbox } from "@/components/ui/choice";
import { Button } from "@/components/ui/button";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { ATTENDANCE_STATUSES, type SheetDto } from "@/lib/attendance/schema";
import { saveSheetAction } from "../actions";

/**
 * The sheet without script: the same table, a radio group a row, one form. When it is locked it can only be read. `notice`
 * says what a save means for guardians.
 */
export async function PlainSheet({ sheet, notice }: { sheet: SheetDto; notice: string }) {
  const [t, grid, ui, messages, locale] = await Promise.all([
    getTranslations("attendance.sheet.plain"),
    getTranslations("attendance.grid"),
    getTranslations("ui"),
    getMessages(),
    getLocale(),
  ]);
  const strings = messages.attendance.grid;
  const isLocked = sheet.lock !== null;
  return (
    <form action={saveSheetAction} className="grid gap-4">
      <input type="hidden" name="classSessionId" value={sheet.classSession.id} />
      <input type="hidden" name="expectedVersion" value={sheet.version} />
      {isLocked ? null : <p className="text-sm text-muted">{notice}</p>}
      <Table caption={t("caption")} className="max-w-3xl">
        <thead>
          <tr>
            <Th>{t("student")}</Th>
            {ATTENDANCE_STATUSES.map((status) => (
              <Th key={status} className="w-24 text-center max-sm:w-12 max-sm:px-0">
                {ui(`attendanceStatus.${status}`)}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sheet.roster.map(({ student, status, leftOn, joinedAt }) => (
            <Tr key={student.id}>
              <Th scope="row" className="wrap-anywhere max-sm:px-3">
                {listName(student, strings)}
                {leftOn ? <Hint>{grid("leftOn", { date: dayText(leftOn, locale, "short") })}</Hint> : null}
                {joinedAt ? <Hint>{grid("joinedLater")}</Hint> : null}
                {/* "The others" are those of whom nobody has to say that they came. */}
                <input type="hidden" name={joinedAt ? "later" : "student"} value={student.id} />
              </Th>
              {ATTENDANCE_STATUSES.map((own) => (
                <Td key={own} className="mark-cell">
                  <label>
                    <input
                      type="radio"
                      name={`mark.${student.id}`}
                      value={own}
                      disabled={isLocked}
                      defaultChecked={status === own}
                      aria-label={t("choice", { name: student.name, status: ui(`attendanceStatus.${own}`) })}
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

function Hint({ children }: { children: string }) {
  return <span className="block text-xs font-normal text-muted">{children}</span>;
}
