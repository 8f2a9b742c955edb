import { myAttendance } from "@/lib/attendance/history-queries";
import { myAttendanceOperation } from "@/lib/attendance/operations";
import { notAllowed } from "@/lib/web/method-not-allowed";
import { route } from "@/lib/web/route";

export const GET = route(myAttendanceOperation, async ({ ctx, query }) => ({
  status: 200,
  body: await myAttendance(ctx, query),
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
