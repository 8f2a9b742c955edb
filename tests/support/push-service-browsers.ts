// The side of a push service that browsers talk to: Mozilla's autopush protocol over a WebSocket, as far as Firefox uses it.
import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import http from "node:http";
import { WebSocketServer, type WebSocket } from "ws";
import { z } from "zod";

/** A message on its way to a browser. */
export interface StoredMessage {
  channelId: string;
  version: string;
  ttlSeconds: number;
  topic: string | undefined;
  body: Buffer;
}

/** What a browser said about a message: 100 decrypted and handed over, 101 could not decrypt, 102 not delivered. */
export interface Acknowledgement {
  channelId: string;
  version: string;
  code: number;
}

const messageSchema = z.discriminatedUnion("messageType", [
  z.object({ messageType: z.literal("hello"), uaid: z.string().optional() }),
  z.object({ messageType: z.literal("register"), channelID: z.string(), key: z.string().optional() }),
  z.object({ messageType: z.literal("unregister"), channelID: z.string(), code: z.number().optional() }),
  z.object({
    messageType: z.literal("ack"),
    updates: z.array(z.object({ channelID: z.string(), version: z.string(), code: z.number() })),
  }),
  z.object({ messageType: z.literal("nack") }),
  z.object({ messageType: z.literal("broadcast_subscribe") }),
  z.object({ messageType: z.literal("ping") }),
]);

type Browser = { socket: WebSocket | null; queue: (StoredMessage & { expiresAt: number })[] };

/** What the endpoint side has to do for a browser. */
export interface Registrations {
  register(browserId: string, channelId: string, appServerKey: Buffer | null): string;
  unregister(channelId: string): void;
}

/** Browsers and what waits for them. Emits `ack` with an {@link Acknowledgement} and `unregister` with a channel. */
export class BrowserSide extends EventEmitter<{ ack: [Acknowledgement]; unregister: [string] }> {
  readonly acknowledgements: Acknowledgement[] = [];
  readonly #browsers = new Map<string, Browser>();
  readonly #http = http.createServer((_, response) => response.writeHead(426).end());
  readonly #sockets: WebSocketServer;
  #isOffline = false;
  #held: (() => void)[] = [];

  constructor(private readonly registrations: Registrations) {
    super();
    this.#sockets = new WebSocketServer({
      server: this.#http,
      handleProtocols: (protocols) => (protocols.has("push-notification") ? "push-notification" : false),
    });
    this.#sockets.on("connection", (socket) => this.#serve(socket));
  }

  /** Listens on a free port of 127.0.0.1 (or `port`); the address for `dom.push.serverURL`. */
  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#http.listen(port, "127.0.0.1", resolve));
    const address = this.#http.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `ws://127.0.0.1:${address.port}/`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  /** Cuts every browser off; it may come back but hears nothing until {@link online}. */
  offline(): void {
    this.#isOffline = true;
    for (const { socket } of this.#browsers.values()) socket?.terminate();
  }

  online(): void {
    this.#isOffline = false;
    for (const handle of this.#held.splice(0)) handle();
  }

  /** Forgets all browsers: they lose their subscriptions and fire `pushsubscriptionchange` when they come back. */
  forget(): void {
    const sockets = [...this.#browsers.values()].map(({ socket }) => socket);
    this.#browsers.clear();
    for (const socket of sockets) socket?.terminate();
  }

  knows(browserId: string): boolean {
    return this.#browsers.has(browserId);
  }

  /** Sends or stores a message; a waiting one with the same topic is replaced (RFC 8030 §5.4). */
  deliver(browserId: string, message: StoredMessage): void {
    const browser = this.#browsers.get(browserId);
    if (!browser) return;
    browser.queue = browser.queue.filter(
      (other) => other.channelId !== message.channelId || message.topic === undefined || other.topic !== message.topic,
    );
    browser.queue.push({ ...message, expiresAt: Date.now() + message.ttlSeconds * 1_000 });
    if (browser.socket) transmit(browser.socket, message);
    if (message.ttlSeconds === 0) browser.queue = browser.queue.filter((other) => other.version !== message.version);
  }

  #serve(socket: WebSocket): void {
    let browserId = "";
    const answer = (raw: string) => {
      if (raw === "{}") return socket.send("{}");
      const message = messageSchema.parse(JSON.parse(raw));
      switch (message.messageType) {
        case "hello": {
          browserId = message.uaid && this.#browsers.has(message.uaid) ? message.uaid : randomBytes(16).toString("hex");
          const queue = (this.#browsers.get(browserId)?.queue ?? []).filter((stored) => stored.expiresAt > Date.now());
          this.#browsers.set(browserId, { socket, queue });
          const hello = { messageType: "hello", status: 200, uaid: browserId, use_webpush: true, broadcasts: {} };
          socket.send(JSON.stringify(hello));
          for (const stored of queue) transmit(socket, stored);
          return;
        }
        case "register": {
          const key = message.key === undefined ? null : Buffer.from(message.key, "base64url");
          const pushEndpoint = this.registrations.register(browserId, message.channelID, key);
          const { channelID } = message;
          socket.send(
            JSON.stringify({ messageType: "register", status: 200, channelID, uaid: browserId, pushEndpoint }),
          );
          return;
        }
        case "unregister":
          this.registrations.unregister(message.channelID);
          socket.send(JSON.stringify({ messageType: "unregister", status: 200, channelID: message.channelID }));
          this.emit("unregister", message.channelID);
          return;
        case "ack":
          for (const update of message.updates) {
            const browser = this.#browsers.get(browserId);
            if (browser) browser.queue = browser.queue.filter((stored) => stored.version !== update.version);
            const known = { channelId: update.channelID, version: update.version, code: update.code };
            this.acknowledgements.push(known);
            this.emit("ack", known);
          }
          return;
        case "ping":
          socket.send(JSON.stringify({ messageType: "ping" }));
          return;
        case "nack":
        case "broadcast_subscribe":
      }
    };
    socket.on("message", (raw) => {
      const text = String(raw);
      if (this.#isOffline) this.#held.push(() => socket.readyState === socket.OPEN && answer(text));
      else answer(text);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      const browser = this.#browsers.get(browserId);
      if (browser?.socket === socket) browser.socket = null;
    });
  }
}

function transmit(socket: WebSocket, message: StoredMessage): void {
  const { channelId: channelID, version, ttlSeconds: ttl, topic, body } = message;
  const content = { data: body.toString("base64url"), headers: { encoding: "aes128gcm" } };
  socket.send(
    JSON.stringify({
      messageType: "notification",
      channelID,
      version,
      ttl,
      ...(topic === undefined ? {} : { topic }),
      ...(body.length > 0 ? content : {}),
    }),
  );
}
