import { forgetDevice, noDeviceCookie } from "@/lib/notification/devices/device-cookie";
import { callerAddress } from "@/lib/web/server/caller-address";
import { isCrossOrigin } from "@/lib/web/server/origin";
import { appErrorOf, problemResponse } from "@/lib/web/route/problem";
import { requestIdOf } from "@/lib/web/server/request-id";
import { requestedLocale } from "@/messages/locale";

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
    hadDevice = await forgetDevice(
      { requestId, now: new Date(), source: "api", address: callerAddress(request.headers) },
      cookie,
    );
  } catch (thrown) {
    return problemResponse(appErrorOf(thrown), requestId, requestedLocale(request.headers.get("accept-language")));
  }
  const answer = await endSession();
  if (hadDevice) answer.headers.append("set-cookie", noDeviceCookie());
  return answer;
}
