import { listEnrollments } from "@/lib/enrollment/list-enrollments";
import { enrollmentsOperation } from "@/lib/enrollment/operations";
import { notAllowed } from "@/lib/web/method-not-allowed";
import { route } from "@/lib/web/route";

export const GET = route(enrollmentsOperation, async ({ ctx, query }) => ({
  status: 200,
  body: await listEnrollments(ctx, query),
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
