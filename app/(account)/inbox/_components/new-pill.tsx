"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { onAlertShown } from "@/components/patterns/shell/alert-shown";
import { Button } from "@/components/ui/button";
import { LiveRegion } from "@/components/ui/live-region";

const POLL_MS = 60_000;

/**
 * "2 new" above the list when something arrived since the page was read. The list itself moves only on a press. Asks once
 * a minute while the page is looked at, and at once when the service worker has shown an alert.
 */
export function NewPill({
  readAt,
  labels,
}: {
  readAt: string;
  /** For one new, two new …; the last is for that many and more. Also how many are asked for. */
  labels: readonly string[];
}) {
  const router = useRouter();
  const [found, setFound] = useState({ since: readAt, count: 0 });

  useEffect(() => {
    const over = new AbortController();
    const look = async () => {
      if (document.visibilityState !== "visible") return;
      const answer = await fetch(`/api/notifications?limit=${labels.length}`).catch(() => null);
      if (over.signal.aborted || !answer?.ok) return; // asked again in a minute
      const { items }: { items: { createdAt: string }[] } = await answer.json();
      const count = items.filter(({ createdAt }) => Date.parse(createdAt) > Date.parse(readAt)).length;
      setFound({ since: readAt, count });
    };
    const seen = () => void look();
    const timer = setInterval(seen, POLL_MS);
    document.addEventListener("visibilitychange", seen, { signal: over.signal });
    onAlertShown(seen, over.signal);
    return () => {
      over.abort();
      clearInterval(timer);
    };
  }, [readAt, labels.length]);

  const count = found.since === readAt ? found.count : 0;
  const label = count === 0 ? "" : (labels[Math.min(count, labels.length) - 1] ?? "");
  return (
    <>
      <LiveRegion>{label}</LiveRegion>
      {label === "" ? null : (
        // Without height: the list stays where it is.
        <form
          data-then="h2"
          className="sticky top-2 z-10 flex h-0 justify-center"
          onSubmit={(event) => {
            event.preventDefault();
            router.refresh();
          }}
        >
          <Button
            type="submit"
            variant="primary"
            size="sm"
            className="h-fit -translate-y-1/2 rounded-full! shadow-float"
          >
            {label}
          </Button>
        </form>
      )}
    </>
  );
}
