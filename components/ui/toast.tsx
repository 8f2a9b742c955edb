"use client";

import { useEffect, useState } from "react";

const eventName = "campus:echo";
const shownForMs = 5000;

/**
 * Echoes a confirmation ("Saved 10:07") at the foot of the page and to screen readers. It holds no action and nothing
 * that is not also on the page: it goes away by itself.
 */
export function echo(message: string): void {
  window.dispatchEvent(new CustomEvent<string>(eventName, { detail: message }));
}

/** Where `echo` is heard; once, in the root layout. */
export function ToastEcho() {
  const [message, setMessage] = useState("");

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (event: Event) => {
      if (!(event instanceof CustomEvent) || typeof event.detail !== "string") return;
      clearTimeout(timer);
      setMessage(event.detail);
      timer = setTimeout(() => setMessage(""), shownForMs);
    };
    window.addEventListener(eventName, show);
    return () => {
      clearTimeout(timer);
      window.removeEventListener(eventName, show);
    };
  }, []);

  return (
    <div
      role="status"
      aria-live="polite"
      data-no-print
      className="pointer-events-none fixed inset-x-4 bottom-[calc(var(--shell-bottom)+1rem)] z-40 flex justify-center"
    >
      {message === "" ? null : (
        <p className="rounded-md bg-primary px-4 py-2.5 text-sm font-medium text-on-primary shadow-float">{message}</p>
      )}
    </div>
  );
}
