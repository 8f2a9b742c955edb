import { readiness } from "@/lib/platform/runtime/health";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { readyOperation } from "@/lib/web/route/operations";
import { route } from "@/lib/web/route/route";

export const GET = route(readyOperation, async () => {
  const { isReady, dependencies } = await readiness();
  return isReady
    ? { status: 200, body: { status: "ready" as const, dependencies } }
    : { status: 503, body: { status: "notReady" as const, dependencies }, headers: { "retry-after": "2" } };
});

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
