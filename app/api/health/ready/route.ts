import { readiness } from "@/lib/platform/health";
import { notAllowed } from "@/lib/web/method-not-allowed";
import { readyOperation } from "@/lib/web/operations";
import { route } from "@/lib/web/route";

export const GET = route(readyOperation, async () => {
  const { isReady, dependencies } = await readiness();
  return isReady
    ? { status: 200, body: { status: "ready" as const, dependencies } }
    : { status: 503, body: { status: "notReady" as const, dependencies }, headers: { "retry-after": "2" } };
});

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
