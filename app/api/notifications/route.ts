import { listNotificationsOperation } from "@/lib/notification/operations";
import { listNotifications } from "@/lib/notification/queries";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(listNotificationsOperation, async ({ ctx, query }) => ({
  status: 200,
  body: await listNotifications(ctx, query),
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
