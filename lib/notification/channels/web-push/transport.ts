import dns, { type LookupAddress } from "node:dns";
import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import webpush from "web-push";
import type { VapidKeys } from "@/lib/platform/runtime/secrets";
import { checkEndpoint, isNamed, isPublicAddress } from "./endpoint-policy";
import { retryAfterMs, type SendResult } from "./send-outcome";

export type PushMessage = {
  endpoint: string;
  keys: { p256dh: string; auth: string };
  payload: string;
  topic: string;
  urgency: "high" | "normal";
  ttlSeconds: number;
};

/** Hands encrypted messages to push services. */
export type PushTransport = {
  send(message: PushMessage): Promise<SendResult>;
  /** Closes idle connections. */
  close(): void;
};

export type TransportOptions = {
  vapid: VapidKeys;
  /** PUSH_ENDPOINT_ALLOWLIST */
  allowlist: readonly string[];
  /** From the start of a send to the end of its answer. */
  timeoutMs?: number;
  /** Connections to one push service. */
  maxSockets?: number;
  /** More certificate authorities; for tests. */
  ca?: string;
  /** Finds the addresses of a name; the system's resolver unless a test has its own. */
  resolve?: Resolve;
  nowMs?: () => number;
};

type Resolve = (hostname: string, done: (error: Error | null, addresses: LookupAddress[]) => void) => void;

const JWT_LIFE_SECONDS = 12 * 3_600;
// Push services limit how often the token may change (Apple: not more than once an hour).
const JWT_RENEW_MS = 6 * 3_600_000;
// After this age a refused token is given up: something about it may be wrong, and a new one does not come too often.
const JWT_DOUBT_MS = 3_600_000;
const MAX_ANSWER_BYTES = 16_384;
// A worker that is told to end has 8 seconds and waits for the sends in flight.
const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * A transport over HTTP/1.1 with kept connections. Encryption is web-push's (RFC 8291); the VAPID header (RFC 8292) is
 * made once an origin and kept for hours, because signing it anew costs more than everything else of a send together.
 * The request is ours: web-push's own follows no size limit and knows no address rules. Redirects are not followed; a
 * name is resolved once for a connection, and the address that was checked is the one that is connected to.
 */
export function createPushTransport(options: TransportOptions): PushTransport {
  const { vapid, allowlist, timeoutMs = DEFAULT_TIMEOUT_MS, maxSockets = 64, resolve = resolveBySystem } = options;
  const lookup = guardedLookup(allowlist, resolve);
  const agentOptions = { keepAlive: true, maxSockets, keepAliveMsecs: 30_000, lookup };
  const agents = {
    "https:": new https.Agent({ ...agentOptions, ...(options.ca === undefined ? {} : { ca: options.ca }) }),
    "http:": new http.Agent(agentOptions),
  };
  const authorization = vapidHeaders(vapid, options.nowMs ?? Date.now);

  return {
    async send(message) {
      const verdict = checkEndpoint(message.endpoint, allowlist);
      if (!verdict.ok) return { kind: "refused", reason: `endpoint_${verdict.reason}` };
      let details;
      try {
        details = webpush.generateRequestDetails({ endpoint: message.endpoint, keys: message.keys }, message.payload, {
          TTL: message.ttlSeconds,
          topic: message.topic,
          urgency: message.urgency,
          headers: { Authorization: authorization.header(verdict.url.origin) },
        });
      } catch {
        return { kind: "refused", reason: "subscription_keys" };
      }
      const { protocol } = verdict.url;
      const secure = protocol === "https:";
      const result = await post(verdict.url, details.headers, details.body, {
        request: secure ? https.request : http.request,
        agent: secure ? agents["https:"] : agents["http:"],
        timeoutMs,
      });
      if (result.kind === "answered" && (result.status === 401 || result.status === 403))
        authorization.refused(verdict.url.origin);
      return result;
    },
    close() {
      agents["https:"].destroy();
      agents["http:"].destroy();
    },
  };
}

/** One token an origin, made anew after hours, after a refusal, and when the clock was set back behind its making. */
function vapidHeaders(vapid: VapidKeys, nowMs: () => number) {
  const cache = new Map<string, { header: string; madeAt: number }>();
  return {
    header(origin: string): string {
      const now = nowMs();
      const cached = cache.get(origin);
      if (cached && now >= cached.madeAt && now - cached.madeAt < JWT_RENEW_MS) return cached.header;
      const header = webpush.getVapidHeaders(
        origin,
        vapid.subject,
        vapid.publicKey,
        vapid.privateKey,
        "aes128gcm",
        Math.floor(now / 1_000) + JWT_LIFE_SECONDS,
      ).Authorization;
      if (cache.size > 1_000) cache.clear();
      cache.set(origin, { header, madeAt: now });
      return header;
    },
    refused(origin: string): void {
      const cached = cache.get(origin);
      if (cached && nowMs() - cached.madeAt >= JWT_DOUBT_MS) cache.delete(origin);
    },
  };
}

function post(
  url: URL,
  headers: http.OutgoingHttpHeaders,
  body: Buffer,
  how: { request: typeof https.request | typeof http.request; agent: http.Agent; timeoutMs: number },
): Promise<SendResult> {
  return new Promise((resolve) => {
    const failed = (error: unknown) => resolve({ kind: "failed", reason: failureOf(error) });
    const request = how.request(
      url,
      { method: "POST", headers, agent: how.agent, signal: AbortSignal.timeout(how.timeoutMs) },
      (response) => {
        // The status is all that is wanted. The rest is read so that the connection can be used again; who talks on
        // loses it, and a reset after the status changes nothing.
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_ANSWER_BYTES) response.destroy();
        });
        response.on("error", () => undefined);
        resolve({
          kind: "answered",
          status: response.statusCode ?? 0,
          retryAfterMs: retryAfterMs(response.headers["retry-after"], new Date()),
        });
      },
    );
    request.on("error", failed);
    request.end(body);
  });
}

function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return "network";
  if (error.name === "AbortError" || error.name === "TimeoutError") return "timeout";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return /^[A-Z0-9_]{3,40}$/.test(code) ? code.toLowerCase() : "network";
}

function resolveBySystem(...[hostname, done]: Parameters<Resolve>): void {
  dns.lookup(hostname, { all: true }, done);
}

function guardedLookup(allowlist: readonly string[], resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error) return callback(error, []);
      const allowed = isNamed(hostname, allowlist)
        ? addresses
        : addresses.filter(({ address }) => isPublicAddress(address));
      const first = allowed[0];
      if (!first || allowed.length < addresses.length) return callback(new PrivateAddressError(), []);
      if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** A name of a push service that led to an address inside; retried, since a resolver may have lied for a moment. */
class PrivateAddressError extends Error {
  readonly code = "PRIVATE_ADDRESS";
}
