import http from "node:http";
import { awaitsStandIn, standInForOutage, standInOf } from "../server/outage";
import { harmlessRequestId } from "../server/request-id";

/** A whole answer at once: status, headers, body. */
export type WholeAnswer = { status: number; headers: Headers; body: string };

/**
 * The answer to a request, whoever writes it. Guarantees: a request id on every answer (also redirects and refusals that
 * no code of ours sees); a page that failed because the database is away answers 503 with words; the last answer of a
 * connection says so. `node:http` makes these in the place of its own.
 */
export class Answer extends http.ServerResponse {
  /** Asked when the head is written: whether the connection ends with this answer. */
  isLast: () => boolean = () => false;
  private isReplaced = false;
  private isHeld = false;

  /**
   * Answers in the place of whoever works on the request still; what they write from now on is dropped. Only before the
   * head is written.
   */
  replace({ status, headers, body }: WholeAnswer): void {
    for (const name of this.getHeaderNames()) super.removeHeader(name);
    for (const [name, value] of headers) super.setHeader(name, value);
    super.setHeader("content-length", Buffer.byteLength(body));
    this.endConnectionWhenLast();
    super.writeHead(status);
    super.end(body);
    this.isReplaced = true;
  }

  /** Whether this has begun as a stream of events, which has no end of its own. */
  isEventStream(): boolean {
    return this.headersSent && String(this.getHeader("content-type")).startsWith("text/event-stream");
  }

  override writeHead(...head: unknown[]): this {
    if (this.isReplaced) return this;
    if (this.headersSent) return Reflect.apply(super.writeHead, this, head);
    if (!this.hasHeader("x-request-id")) this.setHeader("x-request-id", requestIdOfMessage(this.req));
    this.endConnectionWhenLast();
    const [status, ...more] = head;
    const written = standInForOutage(this, Number(status), String(this.getHeader("x-request-id")));
    Reflect.apply(super.writeHead, this, written === status ? head : [written, ...more]);
    if (this.isEventStream()) this.socket?.setTimeout(0); // it may be silent for as long as nothing happens
    return this;
  }

  override flushHeaders(): void {
    this.holdForThisTurn();
    super.flushHeaders();
  }

  override write(...given: unknown[]): boolean {
    if (!this.isReplaced && awaitsStandIn(this)) this.writeHead(this.statusCode);
    if (!this.isReplaced && standInOf(this) === undefined) {
      this.holdForThisTurn();
      return Reflect.apply(super.write, this, given);
    }
    const written = given.at(-1);
    if (typeof written === "function") queueMicrotask(() => Reflect.apply(written, undefined, []));
    return true;
  }

  override end(...given: unknown[]): this {
    if (!this.isReplaced && awaitsStandIn(this)) this.writeHead(this.statusCode);
    const standIn = standInOf(this);
    const isWhole = this.isReplaced || this.writableEnded;
    if (standIn === undefined && !this.isReplaced) return Reflect.apply(super.end, this, given);
    const callbacks = given.filter((each) => typeof each === "function");
    return Reflect.apply(super.end, this, isWhole ? callbacks : [standIn, ...callbacks]);
  }

  // A head that was sent cannot be changed; Node throws. Whoever still works on a replaced answer cannot know.

  override setHeader(name: string, value: number | string | readonly string[]): this {
    return this.isReplaced ? this : super.setHeader(name, value);
  }

  override appendHeader(name: string, value: string | readonly string[]): this {
    return this.isReplaced ? this : super.appendHeader(name, value);
  }

  override removeHeader(name: string): void {
    if (!this.isReplaced) super.removeHeader(name);
  }

  /** What is written in one turn of the event loop leaves together: a page comes in many small pieces, and each cost a system call. */
  private holdForThisTurn(): void {
    const { socket } = this;
    if (this.isHeld || socket === null) return;
    this.isHeld = true;
    socket.cork();
    setImmediate(() => {
      this.isHeld = false;
      socket.uncork();
    });
  }

  private endConnectionWhenLast(): void {
    if (!this.isLast()) return;
    this.shouldKeepAlive = false;
    super.setHeader("connection", "close");
  }
}

/** The caller's or the gateway's request id when it is harmless, else a new one. */
export function requestIdOfMessage(request: http.IncomingMessage): string {
  const given = request.headers["x-request-id"];
  return harmlessRequestId(typeof given === "string" ? given : null);
}
