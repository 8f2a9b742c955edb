import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { liveOperation } from "@/lib/web/route/operations";
import { route } from "@/lib/web/route/route";

export const GET = route(liveOperation, async () => ({ status: 200, body: { status: "live" as const } }));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
