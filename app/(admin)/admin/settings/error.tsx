"use client";

import { RouteError, type RouteErrorProps } from "@/components/patterns/route-error";

/** When the settings cannot be read. */
export default function AdminSettingsError(props: RouteErrorProps) {
  return <RouteError {...props} />;
}
