import { listClassSessionsOperation } from "@/lib/attendance/operations";
import { classSessions } from "@/lib/attendance/sheet/queries";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(listClassSessionsOperation, async ({ ctx, query }) => ({
  status: 200,
  body: await classSessions(ctx, query),
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
