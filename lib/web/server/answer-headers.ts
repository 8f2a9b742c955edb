import { env } from "@/lib/platform/runtime/env";

/** The headers of every answer that is not a page: personal, not to be guessed at, not to be framed. */
export function answerHeaders(requestId: string): Headers {
  return new Headers({
    "x-request-id": requestId,
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    ...everywhere(),
  });
}

/**
 * The headers of a page. Scripts run only with the page's nonce (Next.js puts it on its own and on what they load);
 * `unsafe-eval` is for the development server alone, whose React needs it. Inline style attributes are allowed because
 * the width of a bar is one; style elements need the nonce as scripts do.
 */
export function pageHeaders(nonce: string, pathname: string): Record<string, string> {
  const { NODE_ENV, PUBLIC_URL } = env();
  const isDev = NODE_ENV === "development";
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDev ? " 'unsafe-eval'" : ""}`,
    isDev ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${isDev ? " ws:" : ""}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(PUBLIC_URL?.startsWith("https:") ? ["upgrade-insecure-requests"] : []),
  ].join("; ");
  return {
    "content-security-policy": policy,
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-frame-options": "DENY",
    ...everywhere(),
    // `no-referrer` would make browsers send forms with `Origin: null`, as another site's.
    ...(SECRET_PATH.test(pathname) ? { "referrer-policy": "strict-origin" } : {}),
  };
}

/** Addresses whose end is a secret: it must not stand in the log of whatever the page loads. */
const SECRET_PATH = /^\/(?:invite|reset|confirm-email|setup|calendar-feed|unsubscribe)\//;

function everywhere(): Record<string, string> {
  return {
    "x-content-type-options": "nosniff",
    // No other site need know which class somebody looks at.
    "referrer-policy": "same-origin",
    ...(env().PUBLIC_URL?.startsWith("https:")
      ? { "strict-transport-security": "max-age=31536000; includeSubDomains" }
      : {}),
  };
}
