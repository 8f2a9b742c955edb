"use client";

import { RouteError, type RouteErrorProps } from "@/components/patterns/route-error";

/** When the people cannot be read. */
export default function PeopleError(props: RouteErrorProps) {
  return <RouteError {...props} />;
}
