import { notifyNow } from "@/lib/attendance/grace/notify-now";
import { notifyAttendanceOperation } from "@/lib/attendance/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const POST = route(notifyAttendanceOperation, async ({ ctx, params }) => ({
  status: 200,
  body: await notifyNow(ctx, params.classSessionId),
}));

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
