import { knownDeviceCookieName } from "@/lib/identity/limits/known-device";
import { cookieValue } from "@/lib/identity/sessions/session-cookies";
import type { Context } from "@/lib/shared/context";
import { callerAddress } from "../server/caller-address";
import { requestIdOf } from "../server/request-id";

/** What a use-case knows of a call from a page, but for who acts: its id, the clock, and where it comes from. */
export function webCall(incoming: Headers): Omit<Context, "actor"> {
  return {
    requestId: requestIdOf(incoming),
    now: new Date(),
    source: "web",
    address: callerAddress(incoming),
    device: cookieValue(incoming.get("cookie"), knownDeviceCookieName()),
    userAgent: incoming.get("user-agent"),
  };
}
