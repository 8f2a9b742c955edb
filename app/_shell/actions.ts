"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { forgetDevice } from "@/lib/notification/device-cookie";
import { isCrossOrigin } from "@/lib/web/origin";
import { currentContext } from "@/lib/web/page-guard";
import { signOutBrowser } from "@/lib/web/session";

/** Ends the session of this browser everywhere and shows the sign-in page. Works without script. */
export async function signOutAction(): Promise<void> {
  const incoming = await headers();
  if (!isCrossOrigin(incoming)) {
    const ctx = await currentContext();
    // Alerts of the person who leaves must not reach the next one at this browser.
    if (ctx) await forgetDevice(ctx, incoming.get("cookie"));
    await signOutBrowser();
  }
  redirect("/login?signedOut=1");
}
