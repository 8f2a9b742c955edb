import { env } from "@/lib/platform/runtime/env";
import { singleton } from "@/lib/platform/runtime/singleton";

/** Where this site is by its own settings: PUBLIC_URL, and without it this machine. Never what a request says. */
export function ownAddress(): string {
  const { PUBLIC_URL, PORT } = env();
  return PUBLIC_URL ? new URL(PUBLIC_URL).origin : `http://localhost:${PORT}`;
}

/** Tells Auth.js the same, which reads it from its environment variable at each request. */
export function tellAuthJs(): void {
  singleton("authJsAddress", () => Object.assign(process.env, { NEXTAUTH_URL: ownAddress() }));
}

/** An address of our own as a path, so that a browser stays at the name by which it came; any other as it is. */
export function asPath(location: string): string {
  const own = ownAddress();
  if (!URL.canParse(location, own)) return location;
  const { origin, pathname, search, hash } = new URL(location, own);
  return origin === own ? `${pathname}${search}${hash}` : location;
}

/** Where a browser goes that has signed out here, to sign out of a provider as well. */
export function leavingPath(provider: string): string {
  return `/api/auth/leave/${provider}`;
}
