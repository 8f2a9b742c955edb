import { deviceCookie, deviceOf } from "@/lib/notification/devices/device-cookie";
import { listSubscriptionsOperation, saveSubscriptionOperation } from "@/lib/notification/operations";
import { listDevices } from "@/lib/notification/queries";
import { renewSubscription } from "@/lib/notification/devices/renew-subscription";
import { saveSubscription } from "@/lib/notification/devices/save-subscription";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { requestLocale } from "@/lib/web/route/request-locale";
import { route } from "@/lib/web/route/route";

export const GET = route(listSubscriptionsOperation, async ({ ctx, request }) => ({
  status: 200,
  body: {
    items: await listDevices(ctx, { locale: await requestLocale(request.headers, ctx.actor) }),
    nextCursor: null,
  },
}));

export const POST = route(saveSubscriptionOperation, async ({ ctx, body, request }) => {
  const subscription = { ...body, userAgent: request.headers.get("user-agent") };
  const { id } = body.renewal
    ? await renewSubscription(ctx, { ...subscription, device: deviceOf(request.headers.get("cookie")) })
    : await saveSubscription(ctx, subscription);
  return { status: 201, body: { id }, headers: { "set-cookie": deviceCookie(id) } };
});

export const { PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET", "POST");
