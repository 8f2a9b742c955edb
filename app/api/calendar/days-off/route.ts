import { classMarks } from "@/lib/attendance/class-changes/was-held";
import { addDayOff } from "@/lib/catalog/calendar/add-day-off";
import { addDayOffOperation } from "@/lib/catalog/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const POST = route(addDayOffOperation, async ({ ctx, body }) => ({
  status: 201,
  body: await addDayOff(ctx, body, classMarks),
}));

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
