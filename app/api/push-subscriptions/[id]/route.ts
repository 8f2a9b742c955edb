import { removeSubscriptionOperation } from "@/lib/notification/operations";
import { removeSubscription } from "@/lib/notification/remove-subscription";
import { notAllowed } from "@/lib/web/method-not-allowed";
import { route } from "@/lib/web/route";

export const DELETE = route(removeSubscriptionOperation, async ({ ctx, params }) => {
  await removeSubscription(ctx, params);
  return { status: 204, body: null };
});

export const { GET, POST, PUT, PATCH, OPTIONS } = notAllowed("DELETE");
