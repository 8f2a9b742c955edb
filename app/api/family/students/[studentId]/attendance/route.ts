import { familyAttendance } from "@/lib/attendance/history/history-queries";
import { familyAttendanceOperation } from "@/lib/attendance/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(familyAttendanceOperation, async ({ ctx, params, query }) => ({
  status: 200,
  body: await familyAttendance(ctx, params.studentId, query),
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
