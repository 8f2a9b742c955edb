// A web push service on this machine (RFC 8030, 8291, 8292): what the product sends to over https, real Firefox and
// pretended browsers on the other side, and every fault that a push service can have, on request.
import { randomBytes, randomUUID } from "node:crypto";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { selfSignedCertificate, type Certificate } from "./certificate";
import { BrowserSide } from "./push-service-browsers";
import { judgeVapid } from "./push-service-vapid";
import { decryptPush, newUserAgentKeys, type UserAgentKeys } from "./rfc8291";

/** What happens to one request instead of the usual. */
export type Fault =
  | { status: number; retryAfter?: string; location?: string }
  | { resetBeforeReading: true }
  | { resetAfterReading: true }
  /** The message is taken, but the sender never hears of it. */
  | { acceptedThenReset: true }
  /** The message is taken; the answer waits until {@link PushService.release}. */
  | { acceptedThenHang: true }
  /** No answer until {@link PushService.release}. */
  | { hang: true };

/** A message as a pretended browser got it. */
export interface Received {
  token: string;
  plaintext: string;
  ttlSeconds: number;
  topic: string | undefined;
  urgency: string | undefined;
}

/** A request that the product made. */
export interface SeenRequest {
  token: string;
  status: number | "reset" | "accepted-then-reset";
  authorization: string | undefined;
  bodyBytes: number;
  at: number;
}

/** A subscription of a pretended browser, as the product wants it. */
export interface VirtualSubscription {
  token: string;
  json: { endpoint: string; expirationTime: null; keys: { p256dh: string; auth: string } };
}

type Subscription = {
  appServerKey: Buffer | null;
  gone: boolean;
  virtual: UserAgentKeys | null;
  browserId: string;
  channelId: string;
};

const MAX_BODY_BYTES = 4_096;

export class PushService {
  readonly requests: SeenRequest[] = [];
  readonly received: Received[] = [];
  readonly browsers: BrowserSide;
  readonly certificate: Certificate;
  origin = "";
  browserUrl = "";
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #faults = new Map<string, Fault[]>();
  readonly #hanging = new Set<http.ServerResponse>();
  readonly #server: http.Server | https.Server;

  constructor(private readonly options: { scheme?: "https" | "http"; certificate?: Certificate } = {}) {
    this.certificate = options.certificate ?? selfSignedCertificate();
    const serve: http.RequestListener = (request, response) => void this.#serve(request, response);
    this.#server = options.scheme === "http" ? http.createServer(serve) : https.createServer(this.certificate, serve);
    this.browsers = new BrowserSide({
      register: (browserId, channelId, appServerKey) =>
        this.#endpoint(this.#add({ appServerKey, browserId, channelId, virtual: null, gone: false })),
      unregister: (channelId) => {
        for (const subscription of this.#subscriptions.values())
          if (subscription.channelId === channelId) subscription.gone = true;
      },
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    this.origin = `${this.options.scheme ?? "https"}://localhost:${address.port}`;
    this.browserUrl = await this.browsers.start();
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await Promise.all([new Promise((resolve) => this.#server.close(resolve)), this.browsers.stop()]);
  }

  /** Subscribes a pretended browser; its messages are decrypted into {@link received}. */
  subscribe(appServerKey: string | null = null): VirtualSubscription {
    const keys = newUserAgentKeys();
    const key = appServerKey === null ? null : Buffer.from(appServerKey, "base64url");
    const token = this.#add({ appServerKey: key, gone: false, virtual: keys, browserId: "", channelId: randomUUID() });
    return {
      token,
      json: {
        endpoint: this.#endpoint(token),
        expirationTime: null,
        keys: { p256dh: keys.publicKey.toString("base64url"), auth: keys.auth.toString("base64url") },
      },
    };
  }

  /** From now on the service answers 410 for this subscription. */
  expire(token: string): void {
    const subscription = this.#subscriptions.get(token);
    if (subscription) subscription.gone = true;
  }

  /** The next requests to this subscription meet these faults, one each. */
  fault(token: string, ...faults: Fault[]): void {
    this.#faults.set(token, [...(this.#faults.get(token) ?? []), ...faults]);
  }

  /** How many requests wait without an answer. */
  get hanging(): number {
    return this.#hanging.size;
  }

  /** Ends what hangs. */
  release(): void {
    for (const response of this.#hanging) response.destroy();
    this.#hanging.clear();
  }

  receivedBy(token: string): Received[] {
    return this.received.filter((message) => message.token === token);
  }

  requestsTo(token: string): SeenRequest[] {
    return this.requests.filter((request) => request.token === token);
  }

  #add(subscription: Subscription): string {
    const token = randomBytes(24).toString("base64url");
    this.#subscriptions.set(token, subscription);
    return token;
  }

  #endpoint(token: string): string {
    return `${this.origin}/wpush/v2/${token}`;
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const token = request.url?.split("/").at(-1) ?? "";
    const fault = this.#faults.get(token)?.shift();
    const seen = (status: SeenRequest["status"], bodyBytes = 0) =>
      this.requests.push({ token, status, bodyBytes, authorization: request.headers.authorization, at: Date.now() });
    if (fault && "resetBeforeReading" in fault) {
      seen("reset");
      return reset(request);
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    if (fault && "resetAfterReading" in fault) {
      seen("reset", body.length);
      return reset(request);
    }
    if (fault && "hang" in fault) {
      this.#hanging.add(response);
      return;
    }
    if (fault && "status" in fault) {
      seen(fault.status, body.length);
      if (fault.retryAfter !== undefined) response.setHeader("retry-after", fault.retryAfter);
      if (fault.location !== undefined) response.setHeader("location", fault.location);
      response.writeHead(fault.status).end("scripted");
      return;
    }
    const status = await this.#judge(token, request, body);
    if (status === 201 && fault && "acceptedThenHang" in fault) {
      seen("accepted-then-reset", body.length);
      this.#hanging.add(response);
      return;
    }
    if (status === 201 && fault) {
      seen("accepted-then-reset", body.length);
      return reset(request);
    }
    seen(status, body.length);
    response.writeHead(status, { location: `${this.origin}/m/${randomUUID()}` }).end();
  }

  async #judge(token: string, request: http.IncomingMessage, body: Buffer): Promise<number> {
    const { headers } = request;
    const subscription = this.#subscriptions.get(token);
    if (request.method !== "POST") return 405;
    if (!subscription) return 404;
    if (subscription.gone || (!subscription.virtual && !this.browsers.knows(subscription.browserId))) return 410;
    const topic = one(headers["topic"]);
    const urgency = one(headers["urgency"]);
    const ttl = one(headers["ttl"]) ?? "";
    if (!/^\d+$/.test(ttl)) return 400;
    if (topic !== undefined && !/^[A-Za-z0-9_-]{1,32}$/.test(topic)) return 400;
    if (urgency !== undefined && !["very-low", "low", "normal", "high"].includes(urgency)) return 400;
    if (body.length > MAX_BODY_BYTES) return 413;
    if (body.length > 0 && headers["content-encoding"] !== "aes128gcm") return 400;
    const vapid = await judgeVapid(headers.authorization, this.origin, subscription.appServerKey);
    if ("status" in vapid) return vapid.status;
    const ttlSeconds = Number(ttl);
    if (subscription.virtual) {
      const plaintext = decryptPush(body, subscription.virtual).toString();
      this.received.push({ token, plaintext, ttlSeconds, topic, urgency });
    } else {
      const { browserId, channelId } = subscription;
      this.browsers.deliver(browserId, { channelId, version: randomUUID(), ttlSeconds, topic, body });
    }
    return 201;
  }
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/** Cuts the connection with a TCP reset; of a TLS connection the socket below it must be cut. */
function reset(request: http.IncomingMessage): void {
  const socket: unknown = Reflect.get(request.socket, "_parent") ?? request.socket;
  if (socket instanceof net.Socket) socket.resetAndDestroy();
  else request.socket.destroy();
}
