"use client";

import { errorWords } from "@/messages/error-words";
import "./globals.css";

/**
 * The root layout itself failed: this page stands alone, in the theme of the device and the fallback font. It is part of
 * every page's first load, so it has markup of its own and shares nothing. Whose page it is is not known any more: it
 * speaks the language of the browser.
 */
export default function GlobalError({ error: { digest } }: { error: Error & { digest?: string } }) {
  const { locale, words: strings } = errorWords(typeof navigator === "undefined" ? [] : navigator.languages);
  return (
    <html lang={locale}>
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
