import { z } from "zod";

/** Where people can sign in instead of here: an issuer of OpenID Connect. */
export type SsoProvider = {
  /** As SSO_PROVIDERS names it; part of addresses. */
  id: string;
  /** What stands on its button. */
  name: string;
  /** As it calls itself, without a slash at the end. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Domains of email addresses that it may vouch for, lower-cased. */
  domains: string[];
};

const ID = /^[a-z][a-z0-9]{0,19}$/;
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$/;
/** Tenants of Microsoft Entra that are everybody's: whoever has one may write any address into it. */
const ANYBODY = /^https:\/\/login\.microsoftonline\.com\/(common|organizations|consumers)(\/|$)/;

const setting = z.object({
  ISSUER: z
    .url("must be the address of an issuer")
    .refine(isSafe, "must be https (http is for 127.0.0.1 and localhost)")
    .refine((issuer) => !ANYBODY.test(issuer), "must name the school's own tenant, by its id")
    .transform((issuer) => issuer.replace(/\/$/, "")),
  CLIENT_ID: z.string().min(1),
  CLIENT_SECRET: z.string().min(1),
  NAME: z.string().trim().min(1).max(40),
  DOMAINS: z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim().toLowerCase().replace(/^@/, "")))
    .refine((all) => all.every((domain) => DOMAIN.test(domain)), "must be domains like example.edu, comma-separated"),
});

/**
 * The providers that SSO_PROVIDERS names, each by variables of its own (`SSO_GOOGLE_ISSUER` …), and a sentence for
 * everything that is wrong, without values.
 */
export function readSso(source: Readonly<Record<string, string | undefined>>): {
  providers: SsoProvider[];
  problems: string[];
} {
  const ids = (source["SSO_PROVIDERS"] ?? "").split(",").map((id) => id.trim());
  const named = ids.filter((id) => id !== "");
  const problems: string[] = [];
  const providers: SsoProvider[] = [];
  for (const id of named) {
    if (!ID.test(id) || id === "credentials" || named.indexOf(id) !== named.lastIndexOf(id)) {
      problems.push("SSO_PROVIDERS: must be different names of small letters and digits, comma-separated");
      break;
    }
    const prefix = prefixOf(id);
    const given = Object.fromEntries(
      Object.keys(setting.shape).map((key) => [key, source[prefix + key] === "" ? undefined : source[prefix + key]]),
    );
    const parsed = setting.safeParse(given);
    if (!parsed.success) {
      for (const { path, code, message } of parsed.error.issues)
        problems.push(`${prefix}${path.join(".")}: ${code === "invalid_type" ? "is missing" : message}`);
      continue;
    }
    const {
      ISSUER: issuer,
      CLIENT_ID: clientId,
      CLIENT_SECRET: clientSecret,
      NAME: name,
      DOMAINS: domains,
    } = parsed.data;
    providers.push({ id, name, issuer, clientId, clientSecret, domains });
  }
  const known = [
    "SSO_PROVIDERS",
    ...named.flatMap((id) => Object.keys(setting.shape).map((key) => prefixOf(id) + key)),
  ];
  for (const name of named.length > 0 ? Object.keys(source) : [])
    if (name.startsWith("SSO_") && !known.includes(name))
      problems.push(`${name}: belongs to no provider of SSO_PROVIDERS`);
  if (named.length > 0 && !source["PUBLIC_URL"]) problems.push("PUBLIC_URL: is needed where SSO_PROVIDERS is set");
  return { providers, problems };
}

function prefixOf(id: string): string {
  return `SSO_${id.toUpperCase()}_`;
}

function isSafe(issuer: string): boolean {
  if (!URL.canParse(issuer)) return true; // which is said already
  const { protocol, hostname } = new URL(issuer);
  return protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "localhost"].includes(hostname));
}
