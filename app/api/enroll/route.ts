import { enroll } from "@/lib/enrollment/registration/enroll";
import { enrollOperation } from "@/lib/enrollment/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const POST = route(enrollOperation, async ({ ctx, body }) => ({ status: 201, body: await enroll(ctx, body) }));

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
