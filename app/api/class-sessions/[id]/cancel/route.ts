import { cancelClassSession } from "@/lib/attendance/class-changes/cancel-class-session";
import { cancelClassOperation } from "@/lib/attendance/class-changes/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const POST = route(cancelClassOperation, async ({ ctx, params, body }) => ({
  status: 200,
  body: await cancelClassSession(ctx, { ...params, ...body }),
}));

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
