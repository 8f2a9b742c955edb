"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { onAlertShown } from "./shell/alert-shown";

/** Coming back sooner than this, a person sees what they saw. */
const FRESH_MS = 60_000;
/** A connection that is just back often fails once more. */
const RETRY_MS = 5_000;

/**
 * Says when the page was read, and reads it again when somebody comes back to it after a minute, when the connection is
 * back, and when an alert arrives while it is open. An installed app that is opened again shows the page it left: without
 * this, this morning's answer would stand there as today's. The service is asked first, because a refresh without a
 * connection would put the browser's own error page in the place of what is known.
 */
export function ReadAt({
  at,
  children,
  notCurrent,
}: {
  /** When the server read it, to the millisecond: another instant means that it was read again. */
  at: string;
  /** For example "As of 10:42." */
  children: string;
  /** In its place when the page is old and cannot be read again. */
  notCurrent: string;
}) {
  const router = useRouter();
  const readMs = useRef(0);
  const [staleAt, setStaleAt] = useState<string | null>(null);

  useEffect(() => {
    readMs.current = Date.now();
  }, [at]);

  useEffect(() => {
    let retry: ReturnType<typeof setTimeout> | undefined;
    const over = new AbortController();
    const readAgain = async () => {
      const isThere = await fetch("/api/health/live", { cache: "no-store" }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (over.signal.aborted) return;
      clearTimeout(retry);
      if (isThere) return router.refresh();
      setStaleAt(at);
      retry = setTimeout(() => void (document.visibilityState === "visible" && readAgain()), RETRY_MS);
    };
    const cameBack = () => {
      if (document.visibilityState === "visible" && Date.now() - readMs.current >= FRESH_MS) void readAgain();
    };
    document.addEventListener("visibilitychange", cameBack, { signal: over.signal });
    window.addEventListener("pageshow", cameBack, { signal: over.signal });
    window.addEventListener("online", cameBack, { signal: over.signal });
    onAlertShown(() => void readAgain(), over.signal);
    return () => {
      over.abort();
      clearTimeout(retry);
    };
  }, [router, at]);

  return (
    <span role="status" className="tabular">
      {staleAt === at ? notCurrent : children}
    </span>
  );
}
