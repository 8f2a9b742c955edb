"use client";

import { useEffect, useRef, useState, type ReactNode } from "react";
import { LiveRegion } from "@/components/ui/live-region";

/**
 * Keeps a keyboard's place around the inbox. Marking something as read takes the pressed button away, and the focus would
 * fall back to the top of the page: it goes to what the button was about, and what happened is said once.
 */
export function ReadingPlace({ marked, children }: { marked: string; children: ReactNode }) {
  const area = useRef<HTMLDivElement>(null);
  /** Where to go, once the pressed button is gone. */
  const wanted = useRef<string>(null);
  const [said, setSaid] = useState("");

  // The drawing that takes the button away comes from the server, as other children, at its own time.
  useEffect(() => {
    if (wanted.current === null || document.activeElement !== document.body) return;
    const target = area.current?.querySelector<HTMLElement>(wanted.current) ?? area.current?.querySelector("h1");
    if (wanted.current.startsWith("a[")) setSaid(marked);
    wanted.current = null;
    if (!target) return;
    if (target.tabIndex < 0) target.tabIndex = -1;
    target.focus();
  }, [children, marked]);

  return (
    <div
      ref={area}
      onSubmitCapture={({ target }) => {
        setSaid("");
        wanted.current = target instanceof HTMLElement ? (target.dataset["then"] ?? null) : null;
      }}
    >
      {children}
      <LiveRegion>{said}</LiveRegion>
    </div>
  );
}
