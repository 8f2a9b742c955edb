import { getAttendanceOperation } from "@/lib/attendance/operations";
import { attendanceSheet } from "@/lib/attendance/queries";
import { notAllowed } from "@/lib/web/method-not-allowed";
import { route } from "@/lib/web/route";

export const GET = route(getAttendanceOperation, async ({ ctx, params }) => ({
  status: 200,
  body: await attendanceSheet(ctx, params.classSessionId),
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
