import { dropEnrollment } from "@/lib/enrollment/registration/drop-enrollment";
import { dropOperation } from "@/lib/enrollment/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const DELETE = route(dropOperation, async ({ ctx, params }) => {
  await dropEnrollment(ctx, params);
  return { status: 204, body: null };
});

export const { GET, POST, PUT, PATCH, OPTIONS } = notAllowed("DELETE");
