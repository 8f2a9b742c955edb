import { testSubscriptionOperation } from "@/lib/notification/operations";
import { sendTestAlert } from "@/lib/notification/send-test-alert";
import { notAllowed } from "@/lib/web/method-not-allowed";
import { route } from "@/lib/web/route";

export const POST = route(testSubscriptionOperation, async ({ ctx, params }) => ({
  status: 202,
  body: await sendTestAlert(ctx, params),
}));

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
