import { env } from "@/lib/platform/runtime/env";

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
  const from = new URL(origin);
  return !ownOrigins(headers).some((own) => from.origin === own.origin || isBehindTls(from, own));
}

/** Where this site is: at PUBLIC_URL, and where the request was sent, which on PUBLIC_URL's host is PUBLIC_URL alone. */
function ownOrigins(headers: Headers): URL[] {
  const { PUBLIC_URL } = env();
  const publicUrl = PUBLIC_URL ? new URL(PUBLIC_URL) : null;
  // Set by the gateway, and where there is none by Next.js.
  const isHttps = headers.get("x-forwarded-proto")?.split(",")[0]?.trim() === "https";
  const askedAt = `${isHttps ? "https" : "http"}://${headers.get("host") ?? ""}`;
  const asked = URL.canParse(askedAt) ? new URL(askedAt) : null;
  return [publicUrl, asked?.host === publicUrl?.host ? null : asked].filter((url) => url !== null);
}

/**
 * Behind a gateway that ends TLS and tells nobody, the site seems to be http. On the default ports nothing else can be
 * at the same host name by https; the other way round, a page that came by http may be anybody's.
 */
function isBehindTls(from: URL, own: URL): boolean {
  return from.protocol === "https:" && own.protocol === "http:" && from.host === own.host && own.port === "";
}
