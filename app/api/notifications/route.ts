import { listNotificationsOperation } from "@/lib/notification/operations";
import { listNotifications } from "@/lib/notification/queries";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { requestLocale } from "@/lib/web/route/request-locale";
import { route } from "@/lib/web/route/route";

export const GET = route(listNotificationsOperation, async ({ ctx, query, request }) => ({
  status: 200,
  body: await listNotifications(ctx, { ...query, locale: await requestLocale(request.headers, ctx.actor) }),
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
