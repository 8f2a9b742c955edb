import type { SsoProvider } from "@/lib/platform/runtime/sso-env";
import { normalEmail } from "../schema";

/** What an issuer says of a person, as its ID token had it. */
export type Claims = Readonly<Record<string, unknown>>;

const GOOGLE = "https://accounts.google.com";
const ENTRA = /^https:\/\/login\.microsoftonline\.com\//;

/**
 * The email address that an issuer vouches for: one that it has verified, of a domain that it may vouch for. By address alone
 * an account may be linked only then; afterwards the subject decides (`sign-in-by-sso.ts`).
 *
 * - Everywhere: `email_verified` is true (OpenID Connect Core §5.1).
 * - Google verifies an address once and lets it be kept: it is authoritative only for gmail.com and for the domain of a Workspace
 *   account, `hd` (https://developers.google.com/identity/gsi/web/guides/verify-google-id-token).
 * - Microsoft Entra has no `email_verified`, and anybody who administers a tenant may write any address into it; there it is
 *   `xms_edov`, the optional claim that the owner of the address's domain was verified
 *   (https://learn.microsoft.com/en-us/entra/identity-platform/optional-claims-reference).
 */
export function verifiedEmail(
  { issuer, domains }: Pick<SsoProvider, "issuer" | "domains">,
  claims: Claims,
): { email: string } | { refused: "sso_unverified" | "sso_domain" } {
  const email = typeof claims["email"] === "string" ? normalEmail(claims["email"]) : "";
  const [, domain = ""] = /^[^@\s]+@([^@\s]+)$/.exec(email) ?? [];
  const isVerified = ENTRA.test(issuer)
    ? [true, 1, "1", "true"].some((yes) => claims["xms_edov"] === yes)
    : claims["email_verified"] === true;
  if (!isVerified || domain === "") return { refused: "sso_unverified" };
  if (!domains.includes(domain)) return { refused: "sso_domain" };
  if (issuer === GOOGLE && domain !== "gmail.com" && claims["hd"] !== domain) return { refused: "sso_unverified" };
  return { email };
}
