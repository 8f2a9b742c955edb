import { getAttendanceVersionOperation } from "@/lib/attendance/operations";
import { attendanceSheetVersion } from "@/lib/attendance/sheet/queries";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(getAttendanceVersionOperation, async ({ ctx, params }) => ({
  status: 200,
  body: await attendanceSheetVersion(ctx, params.classSessionId),
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
