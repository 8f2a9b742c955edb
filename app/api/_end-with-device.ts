import { forgetDevice, NO_DEVICE_COOKIE } from "@/lib/notification/device-cookie";
import { isCrossOrigin } from "@/lib/web/origin";
import { appErrorOf, problemResponse } from "@/lib/web/problem";
import { requestIdOf } from "@/lib/web/request-id";

/**
 * Signing out by a request: first the push device of this browser goes, then `endSession` answers. A browser whose
 * session is over already gets no more alerts either. A request of another site ends no device, nor does a program's.
 */
export async function endWithDevice(request: Request, endSession: () => Promise<Response>): Promise<Response> {
  const cookie = request.headers.get("cookie");
  if (cookie === null || isCrossOrigin(request.headers)) return endSession();
  const requestId = requestIdOf(request.headers);
  let hadDevice: boolean;
  try {
    hadDevice = await forgetDevice({ requestId, now: new Date(), source: "api" }, cookie);
  } catch (thrown) {
    return problemResponse(appErrorOf(thrown), requestId);
  }
  const answer = await endSession();
  if (hadDevice) answer.headers.append("set-cookie", NO_DEVICE_COOKIE);
  return answer;
}
