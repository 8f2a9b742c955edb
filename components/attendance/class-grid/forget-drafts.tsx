"use client";

import { useEffect } from "react";

/**
 * In every signed-in page: when its frame gives way to the page that follows a sign-out, the marks kept on this device are
 * taken away, whoever made them. A session that has run out leads elsewhere and leaves them; so does a sign-out that failed.
 */
export function ForgetDrafts() {
  useEffect(
    () => () => {
      if (location.pathname !== "/login" || !new URLSearchParams(location.search).has("signedOut")) return;
      void import("./state/sheet-draft").then(({ forgetDrafts }) => forgetDrafts());
    },
    [],
  );
  return null;
}
