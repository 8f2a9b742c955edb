import { schoolCalendar } from "@/lib/catalog/calendar/days-off";
import { schoolCalendarOperation } from "@/lib/catalog/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(schoolCalendarOperation, async ({ ctx, query }) => ({
  status: 200,
  body: await schoolCalendar(ctx, query),
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
