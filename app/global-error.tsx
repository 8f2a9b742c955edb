"use client";

import { RouteError, type RouteErrorProps } from "@/components/patterns/route-error";
import strings from "@/messages/en/errors.json";
import "./globals.css";

// The root layout itself failed: this page stands alone, in the theme of the device and the fallback font.
export default function GlobalError({ error, retry }: RouteErrorProps) {
  return (
    <html lang="en">
      <body className="font-sans">
        <title>{`${strings.title} – CampusOS`}</title>
        <main id="main" className="grid min-h-dvh place-content-center p-4">
          <RouteError error={error} retry={retry} />
        </main>
      </body>
    </html>
  );
}
