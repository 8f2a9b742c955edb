"use client";

import { RouteError, type RouteErrorProps } from "@/components/patterns/route-error";

/** When the calendar cannot be read. */
export default function CalendarError(props: RouteErrorProps) {
  return <RouteError {...props} />;
}
