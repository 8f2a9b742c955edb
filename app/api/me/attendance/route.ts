import { myAttendance } from "@/lib/attendance/history/history-queries";
import { myAttendanceOperation } from "@/lib/attendance/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(myAttendanceOperation, async ({ ctx, query }) => ({
  status: 200,
  body: await myAttendance(ctx, query),
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
