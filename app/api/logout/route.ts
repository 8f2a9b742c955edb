import { logoutOperation } from "@/lib/identity/operations";
import { signOut } from "@/lib/identity/revoke-sessions";
import { forgetDevice, NO_DEVICE_COOKIE } from "@/lib/notification/device-cookie";
import { notAllowed } from "@/lib/web/method-not-allowed";
import { isCrossOrigin } from "@/lib/web/origin";
import { appErrorOf, problemResponse } from "@/lib/web/problem";
import { requestIdOf } from "@/lib/web/request-id";
import { route } from "@/lib/web/route";
import { clearSessionCookies } from "@/lib/web/session";

const endSession = route(logoutOperation, async ({ ctx }) => {
  await signOut(ctx);
  await clearSessionCookies();
  return { status: 204, body: null };
});

// A browser whose session is over already is answered 401, but it too gets no more alerts: first its device, then the session.
export const POST: typeof endSession = async (request, segment) => {
  const cookie = request.headers.get("cookie");
  if (cookie === null || isCrossOrigin(request.headers)) return endSession(request, segment);
  const requestId = requestIdOf(request.headers);
  let hadDevice: boolean;
  try {
    hadDevice = await forgetDevice({ requestId, now: new Date(), source: "api" }, cookie);
  } catch (thrown) {
    return problemResponse(appErrorOf(thrown), requestId);
  }
  const answer = await endSession(request, segment);
  if (hadDevice) answer.headers.append("set-cookie", NO_DEVICE_COOKIE);
  return answer;
};

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
