import { markBulk } from "@/lib/attendance/sheet/mark-bulk";
import { markBulkOperation } from "@/lib/attendance/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const POST = route(markBulkOperation, async ({ ctx, body }) => ({
  status: 200,
  body: await markBulk(ctx, body),
}));

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
