import { endWithDevice } from "@/app/api/_end-with-device";
import { logoutOperation } from "@/lib/identity/operations";
import { signOut } from "@/lib/identity/sessions/revoke-sessions";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";
import { clearSessionCookies } from "@/lib/web/session/session";

const endSession = route(logoutOperation, async ({ ctx }) => {
  await signOut(ctx);
  await clearSessionCookies();
  return { status: 204, body: null };
});

export const POST: typeof endSession = (request, segment) => endWithDevice(request, () => endSession(request, segment));

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
