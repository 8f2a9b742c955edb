"use client";

import { useEffect, useState } from "react";

const EVERY_MS = 30_000;

/** Where the day is now, on the grid. Counts on from the server's clock, because a device's may be in another zone. */
export function NowLine({
  minute,
  firstMinute,
  lastMinute,
  label,
}: {
  minute: number;
  firstMinute: number;
  lastMinute: number;
  label: string;
}) {
  const [passed, setPassed] = useState(0);
  useEffect(() => {
    const startedAtMs = Date.now();
    const timer = setInterval(() => setPassed((Date.now() - startedAtMs) / 60_000), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const now = minute + passed;
  if (now < firstMinute || now > lastMinute) return null;
  return (
    <div
      data-no-print
      style={{ top: `${((now - firstMinute) / (lastMinute - firstMinute)) * 100}%` }}
      className="pointer-events-none absolute inset-x-0 border-t-2 border-accent max-md:hidden"
    >
      {/* The line runs behind the classes, or it would strike them through; the dot stays visible at the edge. */}
      <span className="absolute -start-1 -top-[5px] size-2 rounded-full bg-accent" />
      <span className="sr-only">{label}</span>
    </div>
  );
}
