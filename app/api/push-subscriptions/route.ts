import { deviceCookie, deviceOf } from "@/lib/notification/device-cookie";
import { listSubscriptionsOperation, saveSubscriptionOperation } from "@/lib/notification/operations";
import { listDevices } from "@/lib/notification/queries";
import { renewSubscription } from "@/lib/notification/renew-subscription";
import { saveSubscription } from "@/lib/notification/save-subscription";
import { notAllowed } from "@/lib/web/method-not-allowed";
import { route } from "@/lib/web/route";

export const GET = route(listSubscriptionsOperation, async ({ ctx }) => ({
  status: 200,
  body: { items: await listDevices(ctx), nextCursor: null },
}));

export const POST = route(saveSubscriptionOperation, async ({ ctx, body, request }) => {
  const subscription = { ...body, userAgent: request.headers.get("user-agent") };
  const { id } = body.renewal
    ? await renewSubscription(ctx, { ...subscription, device: deviceOf(request.headers.get("cookie")) })
    : await saveSubscription(ctx, subscription);
  const secure = (request.headers.get("origin") ?? "").startsWith("https:");
  return { status: 201, body: { id }, headers: { "set-cookie": deviceCookie(id, secure) } };
});

export const { PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET", "POST");
