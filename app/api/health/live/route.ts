import { notAllowed } from "@/lib/web/method-not-allowed";
import { liveOperation } from "@/lib/web/operations";
import { route } from "@/lib/web/route";

export const GET = route(liveOperation, async () => ({ status: 200, body: { status: "live" as const } }));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
