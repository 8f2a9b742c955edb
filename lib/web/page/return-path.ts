const BASE = "http://here.invalid";

/**
 * A `from` parameter as a path of this site to go back to, or null: other sites, other schemes, the sign-in page itself
 * and the API are no places to go back to. Backslashes and control characters, which browsers read as slashes or leave
 * out, do not pass.
 */
export function returnPath(from: unknown): string | null {
  if (typeof from !== "string" || from.length > 1024 || !/^\/[\x21-\x5b\x5d-\x7e]*$/.test(from)) return null;
  if (!URL.canParse(from, BASE)) return null;
  const { origin, pathname, search } = new URL(from, BASE);
  if (
    origin !== BASE ||
    pathname.startsWith("//") ||
    /^\/(login|prove|first-password|invite|forgot|reset|unsubscribe|api)(\/|$)/.test(pathname)
  )
    return null;
  return pathname + search;
}
