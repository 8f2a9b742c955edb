"use client";

import { useEffect } from "react";
import { syncPush } from "./push-client";

/** In every signed-in page: brings this browser's push subscription to the server and the count to the app's icon. */
export function PushSync({ publicKey, unread }: { publicKey: string; unread: number }) {
  useEffect(() => {
    void syncPush(publicKey);
  }, [publicKey]);
  useEffect(() => {
    if (!("setAppBadge" in navigator)) return;
    void (unread > 0 ? navigator.setAppBadge(unread) : navigator.clearAppBadge()).catch(() => undefined);
  }, [unread]);
  return null;
}
