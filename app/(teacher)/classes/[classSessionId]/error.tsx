"use client";

import { RouteError, type RouteErrorProps } from "@/components/patterns/route-error";

/** When the sheet cannot be read. Marks that were not saved are still kept in the tab. */
export default function ClassError(props: RouteErrorProps) {
  return <RouteError {...props} />;
}
