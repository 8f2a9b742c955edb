"use client";

import { RouteError, type RouteErrorProps } from "@/components/patterns/route-error";

/** When the imports cannot be read. */
export default function ImportError(props: RouteErrorProps) {
  return <RouteError {...props} />;
}
