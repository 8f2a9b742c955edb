"use client";

import { RouteError, type RouteErrorProps } from "@/components/patterns/route-error";

/** When the log cannot be read. */
export default function LogError(props: RouteErrorProps) {
  return <RouteError {...props} />;
}
