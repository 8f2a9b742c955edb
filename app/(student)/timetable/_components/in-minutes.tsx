"use client";

import { fill } from "@/components/patterns/data/fill";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";

const SOON_MINUTES = 120;
const EVERY_MS = 10_000;

/**
 * "in 12 min", counted down from the server's clock, because a device's may be wrong. When the class begins the page is
 * read again: there is another next class then. Shown only when it is soon.
 */
export function InMinutes({ minutes, words }: { minutes: number; words: string }) {
  const router = useRouter();
  const [passed, setPassed] = useState(0);
  const left = Math.ceil(minutes - passed);
  const hasBegun = left <= 0;
  useEffect(() => {
    const startedAtMs = Date.now();
    const timer = setInterval(() => setPassed((Date.now() - startedAtMs) / 60_000), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (hasBegun) router.refresh();
  }, [hasBegun, router]);
  if (left > SOON_MINUTES || hasBegun) return null;
  return <span className="ms-2 text-muted tabular">{fill(words, { minutes: left })}</span>;
}
