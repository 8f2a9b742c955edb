"use client";

import { RouteError, type RouteErrorProps } from "@/components/patterns/route-error";

/** When the figures cannot be counted. */
export default function AdminError(props: RouteErrorProps) {
  return <RouteError {...props} />;
}
