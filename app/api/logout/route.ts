import { logoutOperation } from "@/lib/identity/operations";
import { signOut } from "@/lib/identity/revoke-sessions";
import { notAllowed } from "@/lib/web/method-not-allowed";
import { route } from "@/lib/web/route";
import { clearSessionCookies } from "@/lib/web/session";

export const POST = route(logoutOperation, async ({ ctx }) => {
  await signOut(ctx);
  await clearSessionCookies();
  return { status: 204, body: null };
});

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
