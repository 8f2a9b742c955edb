import { env } from "@/lib/platform/env";

/**
 * True when a browser says that a request comes from another site than ours. Requests without `Origin` are judged by
 * `Sec-Fetch-Site`; a program that sends neither is not a browser and carries no cookie of a person unknowingly.
 */
export function isCrossOrigin(headers: Headers): boolean {
  const origin = headers.get("origin");
  if (origin === null) {
    const site = headers.get("sec-fetch-site");
    return site !== null && site !== "same-origin" && site !== "none";
  }
  if (!URL.canParse(origin)) return true; // also "null"
  return !ownHosts(headers).includes(new URL(origin).host);
}

function ownHosts(headers: Headers): string[] {
  const publicUrl = env().PUBLIC_URL;
  return [headers.get("host"), publicUrl ? new URL(publicUrl).host : null].filter((host) => host !== null);
}
