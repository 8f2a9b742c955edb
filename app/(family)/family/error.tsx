"use client";

import { RouteError, type RouteErrorProps } from "@/components/patterns/route-error";

/** When the day cannot be read. */
export default function FamilyError(props: RouteErrorProps) {
  return <RouteError {...props} />;
}
