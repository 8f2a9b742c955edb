import { BlockList, isIP } from "node:net";

// Where browsers really have their push services. Everything else is an address that a caller made up: the server would
// become a tool for reaching places that the caller cannot (server-side request forgery).
const KNOWN_HOSTS = new Set(["fcm.googleapis.com", "jmt17.google.com", "updates.push.services.mozilla.com"]);
const KNOWN_SUFFIXES = [".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com"];

export type EndpointVerdict = { ok: true; url: URL; named: boolean } | { ok: false; reason: string };

/**
 * Whether a push may be sent to this address: https to a known push service at its own port, or a host that the operator
 * named (any port, http too). Checked when a subscription is stored and again at every send, because rules change.
 */
export function checkEndpoint(endpoint: string, allowlist: readonly string[]): EndpointVerdict {
  if (!URL.canParse(endpoint)) return { ok: false, reason: "not_a_url" };
  const url = new URL(endpoint);
  if (url.protocol !== "https:" && url.protocol !== "http:") return { ok: false, reason: "scheme" };
  if (url.username !== "" || url.password !== "") return { ok: false, reason: "credentials" };
  if (isNamed(url.hostname, allowlist)) return { ok: true, url, named: true };
  if (url.protocol !== "https:") return { ok: false, reason: "scheme" };
  if (url.port !== "") return { ok: false, reason: "port" };
  const host = url.hostname;
  const known = KNOWN_HOSTS.has(host) || KNOWN_SUFFIXES.some((suffix) => host.endsWith(suffix));
  return known ? { ok: true, url, named: false } : { ok: false, reason: "unknown_host" };
}

/** True for a host name that the operator named in PUSH_ENDPOINT_ALLOWLIST (exactly; no patterns). */
export function isNamed(hostname: string, allowlist: readonly string[]): boolean {
  const wanted = bareHost(hostname);
  return allowlist.some((entry) => bareHost(entry) === wanted);
}

function bareHost(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
}

const notPublic = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const)
  notPublic.addSubnet(network, prefix, "ipv4");
// Of IPv6 only 2000::/3 is routed at all; in it, addresses for documentation and those that carry an IPv4 address.
const publicV6 = new BlockList();
publicV6.addSubnet("2000::", 3, "ipv6");
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  notPublic.addSubnet(network, prefix, "ipv6");

/**
 * True when an address (not a name) is one of the public internet. Private, loop-back, link-local, carrier-grade NAT,
 * documentation, multicast, mapped and tunnelled addresses are not. Source: IANA special-purpose registries.
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !notPublic.check(address, "ipv4");
  if (family === 6) return publicV6.check(address, "ipv6") && !notPublic.check(address, "ipv6");
  return false;
}
