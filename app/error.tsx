"use client";

import { RouteError, type RouteErrorProps } from "@/components/patterns/route-error";

export default function AppError(props: RouteErrorProps) {
  return (
    <main id="main" tabIndex={-1} className="grid min-h-dvh place-content-center p-4">
      <RouteError error={props.error} retry={props.retry} />
    </main>
  );
}
