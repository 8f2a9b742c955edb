import { liveSeatsOperation } from "@/lib/catalog/operations";
import { liveSeats } from "@/lib/catalog/sections/seats";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(liveSeatsOperation, async ({ ctx, query }) => ({
  status: 200,
  body: { items: await liveSeats({ schoolId: ctx.actor.schoolId, now: ctx.now }, query.ids) },
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
