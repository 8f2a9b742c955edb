"use client";

import { fill } from "@/components/patterns/data/fill";
import { useSyncExternalStore, useTransition } from "react";
import { buttonClass } from "@/components/ui/button-class";
import { errorWords } from "@/messages/error-words";
import { ErrorState } from "./error-state";

export interface RouteErrorProps {
  error: Error & { digest?: string };
  /** Reads the segment again from the server. */
  retry: () => void;
  /** What failed and what was kept, when the segment can say it better. */
  title?: string | undefined;
  kept?: string | undefined;
  level?: 1 | 2 | undefined;
}

const noChange = () => () => undefined;
const languageOfPage = () => document.documentElement.lang;

function onConnectionChange(changed: () => void): () => void {
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  return () => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  };
}

/** Body of an `error.tsx`: reads the page again from the server on request and keeps the frame around it. */
export function RouteError({ error: { digest }, retry, title, kept, level = 1 }: RouteErrorProps) {
  const locale = useSyncExternalStore(noChange, languageOfPage, () => null);
  const { words: strings } = errorWords(locale === null ? [] : [locale]);
  const [pending, startTransition] = useTransition();
  const online = useSyncExternalStore(
    onConnectionChange,
    () => navigator.onLine,
    () => true,
  );

  // The digest that the server gives when its database is away (lib/web/server/outage.ts).
  const away = digest === "unavailable";

  return (
    <ErrorState
      level={level}
      title={!online ? strings.offlineTitle : away ? strings.outageTitle : (title ?? strings.title)}
      kept={online ? (kept ?? strings.body) : strings.offlineBody}
      reference={digest === undefined || away ? undefined : fill(strings.reference, { id: digest })}
      actions={
        <>
          <button
            type="button"
            aria-busy={pending}
            className={buttonClass({ variant: "primary" })}
            onClick={() => startTransition(retry)}
          >
            {strings.retry}
          </button>
          {/* A plain link: after an error the page is read anew from the server, not out of a broken client. */}
          <a href="/" className={buttonClass()}>
            {strings.home}
          </a>
        </>
      }
    />
  );
}
