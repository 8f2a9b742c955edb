import { createHash, timingSafeEqual } from "node:crypto";
import { env } from "./env";

/**
 * Whether an `Authorization` header carries METRICS_TOKEN as its bearer token. Without a token in the configuration
 * nobody may read the metrics: behind a gateway every caller seems to come from this machine, so an address proves
 * nothing.
 */
export function holdsMetricsToken(authorization: string | null | undefined): "yes" | "no" | "notConfigured" {
  const { METRICS_TOKEN } = env();
  if (!METRICS_TOKEN) return "notConfigured";
  // Hashes have one length, which the comparison in constant time wants.
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(authorization ?? ""), digest(`Bearer ${METRICS_TOKEN}`)) ? "yes" : "no";
}
