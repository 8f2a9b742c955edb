import { env } from "@/lib/platform/runtime/env";
import { singleton } from "@/lib/platform/runtime/singleton";
import type { SsoProvider } from "@/lib/platform/runtime/sso-env";

const KEPT_MS = 60 * 60_000;
const WITHIN_MS = 3_000;

/** Where people can sign in instead of here, in the order of SSO_PROVIDERS. */
export function ssoProviders(): readonly SsoProvider[] {
  return env().SSO_PROVIDERS;
}

/** The same for a page: what stands on the buttons. */
export function ssoChoices(): { id: string; name: string }[] {
  return ssoProviders().map(({ id, name }) => ({ id, name }));
}

/** Where an issuer describes itself (OpenID Connect Discovery §4). */
export function descriptionAddress({ issuer }: Pick<SsoProvider, "issuer">): string {
  return `${issuer}/.well-known/openid-configuration`;
}

/**
 * Where a browser ends its session at the issuer and comes back to `back` (OpenID Connect RP-Initiated Logout). Without an
 * `id_token_hint`, which would have to be kept as long as the session: the issuer may ask whether it is meant. Null when the issuer has no such
 * place, or does not answer.
 */
export async function endSessionAddress(provider: SsoProvider, back: string): Promise<string | null> {
  const endpoint = await endSessionEndpoint(provider);
  if (endpoint === null) return null;
  const address = new URL(endpoint);
  address.searchParams.set("client_id", provider.clientId);
  address.searchParams.set("post_logout_redirect_uri", back);
  return address.href;
}

async function endSessionEndpoint(provider: SsoProvider): Promise<string | null> {
  const kept = singleton("endSessionEndpoints", () => new Map<string, { endpoint: string | null; untilMs: number }>());
  const before = kept.get(provider.issuer);
  if (before && before.untilMs > performance.now()) return before.endpoint;
  try {
    const answer = await fetch(descriptionAddress(provider), { signal: AbortSignal.timeout(WITHIN_MS) });
    const description: unknown = answer.ok ? await answer.json() : null;
    if (typeof description !== "object" || description === null) return null;
    const given: unknown = Reflect.get(description, "end_session_endpoint");
    const endpoint = typeof given === "string" && /^https?:/.test(given) && URL.canParse(given) ? given : null;
    kept.set(provider.issuer, { endpoint, untilMs: performance.now() + KEPT_MS });
    return endpoint;
  } catch {
    return null; // the issuer is away: the person is signed out here all the same
  }
}
