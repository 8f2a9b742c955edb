import { pingOperation } from "@/lib/identity/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(pingOperation, async () => ({ status: 204, body: null }));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
