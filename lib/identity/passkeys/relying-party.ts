import { env } from "@/lib/platform/runtime/env";

/** For whom passkeys are made, and from where they may be used: PUBLIC_URL, or this machine. Never the host of a request. */
export function relyingParty(): { id: string; origin: string } {
  const { PUBLIC_URL, PORT } = env();
  const { hostname, origin } = new URL(PUBLIC_URL ?? `http://localhost:${PORT}`);
  return { id: hostname, origin };
}
