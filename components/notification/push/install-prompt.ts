"use client";

import { useSyncExternalStore } from "react";

/** Chromium's offer to install the site as an app. It is made once, early, and can be taken once. */
type InstallPrompt = Event & { prompt: () => Promise<unknown> };

declare global {
  interface Window {
    /** Put here by the sign-in page too (`install-script.ts`). */
    campusInstall?: Event | undefined;
  }
}

const changed = "campus:install";

if (typeof window !== "undefined") {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault(); // the browser's own bar would cover the page at a time of its choosing
    keep(event);
  });
  window.addEventListener("appinstalled", () => keep(undefined));
}

function keep(event: Event | undefined): void {
  window.campusInstall = event;
  window.dispatchEvent(new Event(changed));
}

function isPrompt(event: Event | undefined): event is InstallPrompt {
  return event !== undefined && "prompt" in event && typeof event.prompt === "function";
}

/** Asks the browser to install, from a press; null where it does not offer that, or the app is installed. */
export function useInstall(): (() => void) | null {
  const event = useSyncExternalStore(
    subscribe,
    () => window.campusInstall,
    () => undefined,
  );
  if (!isPrompt(event)) return null;
  return () => {
    keep(undefined);
    void event.prompt().catch(() => undefined);
  };
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener(changed, onChange);
  return () => window.removeEventListener(changed, onChange);
}
