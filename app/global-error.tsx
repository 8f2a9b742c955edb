"use client";

import strings from "@/messages/en/errors.json";
import "./globals.css";

/**
 * The root layout itself failed: this page stands alone, in the theme of the device and the fallback font. It is part of
 * every page's first load, so it has markup of its own and shares nothing.
 */
export default function GlobalError({ error: { digest } }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body className="font-sans">
        <title>{`${strings.title} – CampusOS`}</title>
        <main id="main" className="grid min-h-dvh place-content-center gap-4 p-4">
          <h1 className="text-2xl">{strings.title}</h1>
          <p className="text-muted">{strings.body}</p>
          {/* The same address once more, read anew from the server. */}
          <a href="" className="inline-flex min-h-11 items-center underline">
            {strings.retry}
          </a>
          {digest === undefined ? null : (
            <p className="font-mono text-xs text-faint">{strings.reference.replace("{id}", digest)}</p>
          )}
        </main>
      </body>
    </html>
  );
}
