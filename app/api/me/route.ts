import { getMe } from "@/lib/identity/people/get-me";
import { meOperation } from "@/lib/identity/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(meOperation, async ({ ctx }) => ({ status: 200, body: await getMe(ctx) }));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
