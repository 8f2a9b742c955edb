import type { AlertReach } from "@/components/attendance/class-grid/view/alert-reach-lines";
import type { SheetDto } from "@/lib/attendance/schema";
import { alertReach } from "@/lib/notification/preferences/alert-reach";
import type { Context } from "@/lib/shared/context";

/** Whom the alerts about the absent of a sheet reach, students by name; null when nobody is absent. The sheet was read as its teacher. */
export async function reachOf(ctx: Context, sheet: SheetDto): Promise<AlertReach | null> {
  const absent = sheet.roster.filter(({ status }) => status === "ABSENT");
  if (absent.length === 0) return null;
  const names = new Map(absent.map(({ student }) => [student.id, student.name]));
  const reach = await alertReach(
    ctx,
    absent.map(({ student, markedBy }) => ({ studentId: student.id, markedById: markedBy?.id ?? null })),
  );
  const named = (ids: readonly string[]) => ids.flatMap((id) => names.get(id) ?? []);
  return { ...reach, withoutGuardian: named(reach.withoutGuardian), unreachable: named(reach.unreachable) };
}
