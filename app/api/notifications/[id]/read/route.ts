import { markRead } from "@/lib/notification/inbox/mark-read";
import { readNotificationOperation } from "@/lib/notification/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const POST = route(readNotificationOperation, async ({ ctx, params }) => {
  await markRead(ctx, params);
  return { status: 204, body: null };
});

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
