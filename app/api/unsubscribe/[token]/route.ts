import { unsubscribe } from "@/lib/notification/channels/email/unsubscribe/unsubscribe";
import { unsubscribeOperation } from "@/lib/notification/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const POST = route(unsubscribeOperation, async ({ ctx, params }) => {
  await unsubscribe(ctx, params);
  return { status: 204, body: null };
});

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
