"use server";

import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { DEVICE_COOKIE, forgetDevice } from "@/lib/notification/devices/device-cookie";
import { isCrossOrigin } from "@/lib/web/server/origin";
import { currentContext } from "@/lib/web/page/page-guard";
import { leavingPath } from "@/lib/web/session/auth-js-address";
import { signOutBrowser } from "@/lib/web/session/session";
import { webCall } from "@/lib/web/page/web-call";

/** Ends the session of this browser everywhere and shows the sign-in page; who had signed in elsewhere passes by there, to be signed out
 * there too. Works without script. */
export async function signOutAction(): Promise<void> {
  const incoming = await headers();
  if (!isCrossOrigin(incoming)) {
    // Alerts of the person who leaves must not reach the next one at this browser, also when the session is over already.
    const actor = (await currentContext())?.actor ?? null;
    await forgetDevice({ actor, ...webCall(incoming) }, incoming.get("cookie"));
    (await cookies()).delete(DEVICE_COOKIE);
    const elsewhere = await signOutBrowser();
    if (elsewhere !== null) redirect(leavingPath(elsewhere));
  }
  redirect("/login?signedOut=1");
}
