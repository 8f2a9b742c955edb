"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

const LOOK_EVERY_MS = 5_000;
/** A page that lies open with nobody at it asks no more. */
const IDLE_AFTER_MS = 10 * 60_000;
const SIGNS_OF_LIFE = ["pointerdown", "pointermove", "keydown", "scroll", "focus", "visibilitychange"] as const;

/**
 * Reads the page again when a mark of one of the guardian's children has changed since the page was made (`version`). It
 * asks for a few bytes every five seconds, and only while the page is seen and somebody is at it.
 */
export function FamilyWatch({ version }: { version: string }) {
  const router = useRouter();
  useEffect(() => {
    const over = new AbortController();
    let aliveAt = Date.now();
    let asking = false;
    const look = async () => {
      if (asking || document.visibilityState !== "visible" || Date.now() - aliveAt > IDLE_AFTER_MS) return;
      asking = true;
      try {
        const response = await fetch("/api/family/version", { cache: "no-store", signal: over.signal });
        const heard: unknown = response.ok ? await response.json() : null;
        const now = typeof heard === "object" && heard !== null && "version" in heard ? heard.version : version;
        if (now !== version) router.refresh();
      } catch {
        // No connection: the next look tells.
      } finally {
        asking = false;
      }
    };
    const alive = () => {
      const wasIdle = Date.now() - aliveAt > IDLE_AFTER_MS;
      aliveAt = Date.now();
      if (wasIdle) void look();
    };
    const options = { signal: over.signal, passive: true, capture: true };
    for (const sign of SIGNS_OF_LIFE) document.addEventListener(sign, alive, options);
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => {
      over.abort();
      clearInterval(timer);
    };
  }, [router, version]);
  return null;
}
