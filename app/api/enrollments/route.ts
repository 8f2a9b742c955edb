import { listEnrollments } from "@/lib/timetable/list-enrollments";
import { enrollmentsOperation } from "@/lib/timetable/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(enrollmentsOperation, async ({ ctx, query }) => ({
  status: 200,
  body: await listEnrollments(ctx, query),
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
