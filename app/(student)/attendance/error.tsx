"use client";

import { RouteError, type RouteErrorProps } from "@/components/patterns/route-error";

/** When the month cannot be read. */
export default function AttendanceError(props: RouteErrorProps) {
  return <RouteError {...props} />;
}
