"use client";

import { useEffect } from "react";
import { forgetKept, keepFor } from "./kept-day";

/**
 * In every signed-in page, whatever the role: this device keeps things for this person now, and for nobody when the page
 * gives way to the sign-in page.
 */
export function KeptFor({ personId }: { personId: string }) {
  useEffect(() => {
    keepFor(personId);
    return () => {
      if (location.pathname === "/login") forgetKept();
    };
  }, [personId]);
  return null;
}
