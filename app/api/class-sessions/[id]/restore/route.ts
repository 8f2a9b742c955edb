import { restoreClassSession } from "@/lib/attendance/class-changes/restore-class-session";
import { restoreClassOperation } from "@/lib/attendance/class-changes/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const POST = route(restoreClassOperation, async ({ ctx, params }) => ({
  status: 200,
  body: await restoreClassSession(ctx, params),
}));

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
