import { moveClassSession } from "@/lib/attendance/class-changes/move-class-session";
import { moveClassOperation } from "@/lib/attendance/class-changes/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const POST = route(moveClassOperation, async ({ ctx, params, body }) => ({
  status: 200,
  body: await moveClassSession(ctx, { ...params, ...body }),
}));

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
