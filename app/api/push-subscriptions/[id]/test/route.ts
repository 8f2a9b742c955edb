import { testSubscriptionOperation } from "@/lib/notification/operations";
import { sendTestAlert } from "@/lib/notification/channels/web-push/send-test-alert";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const POST = route(testSubscriptionOperation, async ({ ctx, params }) => ({
  status: 202,
  body: await sendTestAlert(ctx, params),
}));

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
