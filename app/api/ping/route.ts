import { pingOperation } from "@/lib/identity/operations";
import { notAllowed } from "@/lib/web/method-not-allowed";
import { route } from "@/lib/web/route";

export const GET = route(pingOperation, async () => ({ status: 204, body: null }));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
