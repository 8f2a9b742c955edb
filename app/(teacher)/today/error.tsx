"use client";

import { RouteError, type RouteErrorProps } from "@/components/patterns/route-error";

/** When the day cannot be read. */
export default function TodayError(props: RouteErrorProps) {
  return <RouteError {...props} />;
}
