import net from "node:net";
import type http from "node:http";
import type { Answer } from "../route/answer";

/** How a server goes out of service. */
export type DrainLimits = {
  /**
   * How long a connection has to be idle before it is closed. Whoever keeps it (the gateway) may be writing a request into
   * it this moment, and a write that meets a closed connection is lost; a connection that nobody used for this long,
   * while others were, will hardly be.
   */
  idleMs: number;
  /** After this what is left is cut. */
  deadlineMs: number;
};

/** A server whose answers are ours. */
export type AnsweringServer = http.Server<typeof http.IncomingMessage, typeof Answer>;

const LOOK_EVERY_MS = 50;
const ACCEPT_MS = 1_000;

/** The connections of a server, what is under way on each, and the way out of service. */
export class Connections {
  private readonly idleSinceMs = new Map<net.Socket, number>();
  private readonly underWay = new Map<net.Socket, Set<Answer>>();
  private drained: Promise<void> | undefined;
  private isDraining = false;
  private accepted = 0;

  constructor(private readonly server: AnsweringServer) {
    server.on("connection", (socket: net.Socket) => {
      this.accepted += 1;
      this.idleSinceMs.set(socket, performance.now());
      socket.once("close", () => {
        this.idleSinceMs.delete(socket);
        this.underWay.delete(socket);
      });
    });
  }

  /** Remembers an answer until it is finished, and makes it the last of its connection when the server is draining. */
  track(socket: net.Socket, answer: Answer): void {
    const answers = this.underWay.get(socket) ?? new Set();
    this.underWay.set(socket, answers.add(answer));
    answer.isLast = () => this.isDraining;
    answer.once("close", () => {
      answers.delete(answer);
      if (this.idleSinceMs.has(socket)) this.idleSinceMs.set(socket, performance.now());
    });
  }

  /**
   * Takes no new connections; every answer from now on says `Connection: close`; event streams end (browsers open them
   * anew); idle connections are closed; what is left after the deadline is cut. Resolves when no connection is left.
   */
  drain(limits: DrainLimits): Promise<void> {
    return (this.drained ??= this.run(limits));
  }

  private async run({ idleMs, deadlineMs }: DrainLimits): Promise<void> {
    await this.acceptWaiting();
    const startedAtMs = performance.now();
    this.isDraining = true;
    // `http.Server.close` would close idle connections this moment, see `idleMs`.
    net.Server.prototype.close.call(this.server);
    for (const answers of this.underWay.values())
      for (const answer of answers) if (answer.isEventStream()) answer.end();
    while (this.idleSinceMs.size > 0) {
      await turn(); // reads what the system has for us already: a timer runs before that
      const nowMs = performance.now();
      const isOver = nowMs - startedAtMs >= deadlineMs;
      for (const [socket, sinceMs] of this.idleSinceMs) {
        if (isOver) socket.destroy();
        else if (!this.isBusy(socket) && nowMs - Math.max(sinceMs, startedAtMs) >= idleMs) socket.destroySoon();
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    this.server.close(); // ends the timer that looks at time-outs
  }

  /**
   * Connections that the system has made already are reset when nobody listens any more, with the requests in them; and
   * Node accepts one a turn.
   */
  private async acceptWaiting(): Promise<void> {
    const untilMs = performance.now() + ACCEPT_MS;
    let before: number;
    do {
      before = this.accepted;
      await turn();
    } while (this.accepted > before && performance.now() < untilMs);
  }

  private isBusy(socket: net.Socket): boolean {
    return (this.underWay.get(socket)?.size ?? 0) > 0;
  }
}

/** One turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
