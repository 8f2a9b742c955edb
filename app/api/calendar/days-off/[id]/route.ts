import { removeDayOff } from "@/lib/catalog/calendar/remove-day-off";
import { removeDayOffOperation } from "@/lib/catalog/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const DELETE = route(removeDayOffOperation, async ({ ctx, params }) => {
  await removeDayOff(ctx, params);
  return { status: 204, body: null };
});

export const { GET, POST, PUT, PATCH, OPTIONS } = notAllowed("DELETE");
