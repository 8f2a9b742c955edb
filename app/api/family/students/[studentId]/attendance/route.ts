import { familyAttendance } from "@/lib/attendance/history-queries";
import { familyAttendanceOperation } from "@/lib/attendance/operations";
import { notAllowed } from "@/lib/web/method-not-allowed";
import { route } from "@/lib/web/route";

export const GET = route(familyAttendanceOperation, async ({ ctx, params, query }) => ({
  status: 200,
  body: await familyAttendance(ctx, params.studentId, query),
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
