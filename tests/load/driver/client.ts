import { Pool } from "undici";

/** `mayRetry`: the answer said when to try again. */
export type Answer = { status: number; body: Record<string, unknown>; ms: number; mayRetry: boolean };

type Method = "GET" | "POST" | "DELETE";

/** A keep-alive client over several base URLs, taken in turn; every answer is timed. */
export class LoadClient {
  readonly #pools: Pool[];
  #next = 0;

  constructor(baseUrls: readonly string[], connections: number) {
    this.#pools = baseUrls.map(
      (url) =>
        new Pool(url, {
          connections: Math.ceil(connections / baseUrls.length),
          pipelining: 1,
          headersTimeout: 60_000,
          bodyTimeout: 60_000,
        }),
    );
  }

  /** Sends one JSON request; a lost connection rejects. */
  async send(method: Method, path: string, token: string | null, body?: unknown): Promise<Answer> {
    const { text, ...answer } = await this.#ask({
      method,
      path,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const parsed: unknown = text === "" ? {} : JSON.parse(text);
    return { ...answer, body: isRecord(parsed) ? parsed : {} };
  }

  /** Asks for a page as a signed-in browser does; the body of the answer is read and thrown away. */
  async page(path: string, token: string): Promise<Answer> {
    const headers = { cookie: `next-auth.session-token=${token}` };
    const { status, ms, mayRetry } = await this.#ask({ method: "GET", path, headers });
    return { status, ms, mayRetry, body: {} };
  }

  async #ask(request: { method: Method; path: string; headers: Record<string, string>; body?: string }) {
    const pool = this.#pools[this.#next++ % this.#pools.length];
    if (!pool) throw new Error("no base URL");
    const startedAt = performance.now();
    const response = await pool.request(request);
    const text = await response.body.text();
    return {
      status: response.statusCode,
      text,
      ms: performance.now() - startedAt,
      mayRetry: response.headers["retry-after"] !== undefined,
    };
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.close()));
  }
}

/** Runs `work` over `items`, at most `width` at once, in order of the list. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** Requests per second and latency percentiles of a phase. */
export type Phase = { count: number; seconds: number; perSecond: number; p50Ms: number; p99Ms: number };

/** Times a phase: `run` reports each latency. */
export async function timed(run: (record: (ms: number) => void) => Promise<void>): Promise<Phase> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  await run((ms) => latencies.push(ms));
  const seconds = (performance.now() - startedAt) / 1000;
  latencies.sort((a, b) => a - b);
  const percentile = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    count: latencies.length,
    seconds,
    perSecond: latencies.length / seconds,
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
