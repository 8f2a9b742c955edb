"use client";

import { useEffect, useRef, useState, type ReactNode } from "react";
import { LiveRegion } from "@/components/ui/live-region";

/**
 * Keeps a keyboard's place around the inbox. Marking something as read takes the pressed button away, and the focus would
 * fall back to the top of the page: it goes to what the button was about, and what happened is said once. Never to another
 * button: pressed once more by accident, it would take back what was done.
 */
export function ReadingPlace({ marked, children }: { marked: string; children: ReactNode }) {
  const area = useRef<HTMLDivElement>(null);
  /** The form whose button was pressed; where to go, once it is gone. */
  const pressed = useRef<HTMLElement>(null);
  const [said, setSaid] = useState("");

  // The drawing that takes the button away comes from the server, as other children, at its own time.
  useEffect(() => {
    const wanted = pressed.current?.dataset["then"];
    if (wanted === undefined || pressed.current?.isConnected) return;
    pressed.current = null;
    if (wanted.startsWith("a[")) setSaid(marked);
    // Whoever has gone elsewhere meanwhile stays there.
    if (document.activeElement !== document.body) return;
    const target = area.current?.querySelector<HTMLElement>(wanted) ?? area.current?.querySelector("h1");
    if (!target) return;
    if (target.tabIndex < 0) target.tabIndex = -1;
    target.focus();
  }, [children, marked]);

  return (
    <div
      ref={area}
      onSubmitCapture={({ target }) => {
        setSaid("");
        pressed.current = target instanceof HTMLElement ? target : null;
      }}
    >
      {children}
      <LiveRegion>{said}</LiveRegion>
    </div>
  );
}
