import { publicKeys } from "@/lib/identity/sessions/access-token";
import { jwksOperation } from "@/lib/identity/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(jwksOperation, async () => ({
  status: 200,
  body: { keys: publicKeys() },
  headers: { "cache-control": "public, max-age=300" },
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
