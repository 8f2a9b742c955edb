import { removeSubscriptionOperation } from "@/lib/notification/operations";
import { removeSubscription } from "@/lib/notification/devices/remove-subscription";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const DELETE = route(removeSubscriptionOperation, async ({ ctx, params }) => {
  await removeSubscription(ctx, params);
  return { status: 204, body: null };
});

export const { GET, POST, PUT, PATCH, OPTIONS } = notAllowed("DELETE");
