"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Progress } from "@/components/ui/progress";

const EVERY_MS = 1_000;
const OVER = ["DONE", "REFUSED", "FAILED", "CANCELLED"];

export interface ImportWatchProps {
  id: string;
  before: { phase: string; status: string; done: number; total: number };
  /** What is being done, by `WAITING` or the phase. */
  words: Readonly<Record<string, string>>;
  label: string;
}

/** How far an import is, each second while the page is seen; when it has ended the page is read anew. */
export function ImportWatch({ id, before, words, label }: ImportWatchProps) {
  const router = useRouter();
  const [now, setNow] = useState(before);
  useEffect(() => {
    const over = new AbortController();
    const look = async () => {
      if (document.visibilityState !== "visible") return;
      try {
        const answer = await fetch(`/api/roster-imports/${id}`, { cache: "no-store", signal: over.signal });
        // An import may end the session of whoever asked for it: roles have changed. Signing in leads back here.
        if (answer.status === 401) return router.refresh();
        if (!answer.ok) return;
        const heard = (await answer.json()) as ImportWatchProps["before"];
        if (OVER.includes(heard.status)) router.refresh();
        else setNow(heard);
      } catch {
        // No connection: the next look tells.
      }
    };
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => {
      over.abort();
      clearInterval(timer);
    };
  }, [id, router]);
  const step = now.status === "RUNNING" || now.status === "STORING" ? now.phase : "WAITING";
  return (
    <div className="grid max-w-form gap-2">
      <p role="status">{words[step]}</p>
      <Progress value={step === "WAITING" ? 0 : now.done} max={now.total} label={label} />
    </div>
  );
}
