"use client";

import { useEffect } from "react";
import { endPush, registerWorker, syncPush } from "./push-client";

/**
 * In every signed-in page: registers the service worker, brings this browser's push subscription to the server and the
 * count to the app's icon, and ends the subscription when somebody signs out. Without script the server alone ends it, at
 * the same moment.
 */
export function PushSync({ publicKey, unread }: { publicKey: string; unread: number }) {
  useEffect(() => {
    void registerWorker().catch(() => undefined);
    void syncPush(publicKey);
  }, [publicKey]);
  useEffect(() => {
    const hear = ({ target }: SubmitEvent) => {
      if (target instanceof HTMLFormElement && "signOut" in target.dataset) void endPush().catch(() => undefined);
    };
    document.addEventListener("submit", hear, { capture: true });
    return () => document.removeEventListener("submit", hear, { capture: true });
  }, []);
  useEffect(() => {
    if (!("setAppBadge" in navigator)) return;
    void (unread > 0 ? navigator.setAppBadge(unread) : navigator.clearAppBadge()).catch(() => undefined);
  }, [unread]);
  return null;
}
