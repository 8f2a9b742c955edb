import { getAttendanceOperation } from "@/lib/attendance/operations";
import { attendanceSheet } from "@/lib/attendance/sheet/queries";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(getAttendanceOperation, async ({ ctx, params }) => ({
  status: 200,
  body: await attendanceSheet(ctx, params.classSessionId),
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
