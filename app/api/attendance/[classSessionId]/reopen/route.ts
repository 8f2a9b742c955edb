import { reopenAttendanceOperation } from "@/lib/attendance/operations";
import { reopenSheet } from "@/lib/attendance/grace/reopen-sheet";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const POST = route(reopenAttendanceOperation, async ({ ctx, params }) => ({
  status: 200,
  body: await reopenSheet(ctx, params.classSessionId),
}));

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
