import { refreshOperation } from "@/lib/identity/operations";
import { rotateRefreshToken } from "@/lib/identity/sessions/rotate-refresh-token";
import { tokenPair } from "@/lib/identity/schema";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const POST = route(refreshOperation, async ({ ctx, body }) => ({
  status: 200,
  body: tokenPair.parse(await rotateRefreshToken(ctx, body.refreshToken)),
}));

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
