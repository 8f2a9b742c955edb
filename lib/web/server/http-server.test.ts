import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { sleep } from "@/scripts/lib/processes.mjs";
import { eventually } from "@/tests/support/eventually";
import { callerAddress } from "./caller-address";
import { createHttpServer, type Handle, HTTP_LIMITS, type HttpLimits, type HttpServer } from "./http-server";

const SHORT: HttpLimits = {
  keepAliveMs: 300,
  headersMs: 400,
  bodyMs: 600,
  silenceMs: 1_500,
  lookEveryMs: 50,
  deadlines: { requestMs: 300, readyMs: 100 },
  drain: { idleMs: 50, deadlineMs: 600 },
};

let running: HttpServer | undefined;
let port = 0;

async function serve(handle: Handle, limits: Partial<HttpLimits> = {}): Promise<HttpServer> {
  running = createHttpServer(handle, { ...SHORT, ...limits });
  await once(running.server.listen(0, "127.0.0.1"), "listening");
  port = (running.server.address() as net.AddressInfo).port;
  return running;
}
afterEach(async () => {
  await running?.drain();
  running = undefined;
});

const answerAtOnce: Handle = (request, answer) => void request.resume().on("end", () => answer.end("ok"));
const answerNever: Handle = () => undefined;

async function raw(sent: string): Promise<{ answer: string; ms: number }> {
  const startedAt = performance.now();
  const socket = net.connect(port, "127.0.0.1");
  if (sent !== "") socket.write(sent);
  const answer = await text(socket);
  return { answer, ms: performance.now() - startedAt };
}

async function ask(path: string, options: http.RequestOptions = {}) {
  const startedAt = performance.now();
  const request = http.request({ port, host: "127.0.0.1", path, agent: false, ...options });
  request.end();
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  const { statusCode: status, headers } = response;
  return { status, headers, body: await text(response), ms: performance.now() - startedAt };
}

describe("who asks", () => {
  it("is the address of the connection, whatever headers say: they bring nobody a new count of tries", async () => {
    const seen: string[] = [];
    await serve((request, answer) => {
      const headers = new Headers(
        Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]),
      );
      seen.push(String(callerAddress(headers)));
      answer.end("ok");
    });
    for (const name of ["x-forwarded-for", "X-Campus-Address", "forwarded", "x-real-ip", "client-ip"])
      await ask("/", { headers: { [name]: "198.51.100.7" } });
    await raw(
      "GET / HTTP/1.1\r\nhost: a\r\nx-campus-address: 198.51.100.7\r\nx-campus-address: 198.51.100.8\r\nconnection: close\r\n\r\n",
    );
    expect(seen).toEqual(Array.from({ length: 6 }, () => "127.0.0.1"));
  });
});

describe("connections that only wait", () => {
  it.each([
    ["says nothing", ""],
    ["stops in its headers", "GET / HTTP/1.1\r\nhost: a\r\n"],
    ["stops in its body", "POST /api/enroll HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf"],
    ["is kept after an answer", "GET / HTTP/1.1\r\nhost: a\r\n\r\n"],
  ])("end: one that %s", async (_what, sent) => {
    await serve(answerAtOnce);
    const { ms } = await raw(sent);
    expect(ms).toBeLessThan(3_000);
  });

  it("end within a minute in production, and after the gateway's own", () => {
    const { keepAliveMs, headersMs, bodyMs, silenceMs, lookEveryMs } = HTTP_LIMITS;
    for (const limitMs of [keepAliveMs + 1_000, headersMs + lookEveryMs, bodyMs + lookEveryMs, silenceMs])
      expect(limitMs).toBeLessThan(60_000);
    const upstream = /upstream web \{[^}]*keepalive_timeout (\d+)s;/.exec(
      fs.readFileSync("deploy/nginx/nginx.conf", "utf8"),
    );
    expect(Number(upstream?.[1]) * 1_000).toBeLessThanOrEqual(keepAliveMs - 5_000);
  });

  it("serve a request after a pause that is longer than headers may take", async () => {
    await serve(answerAtOnce, { keepAliveMs: 2_000, headersMs: 200, bodyMs: 300 });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let round = 0; round < 2; round += 1) {
      expect((await ask("/", { agent })).body).toBe("ok");
      await sleep(700);
    }
    expect((await ask("/", { agent })).body).toBe("ok");
    agent.destroy();
  });
});

describe("a host", () => {
  it.each([
    ["twice", "GET /api/me HTTP/1.1\r\nhost: a\r\nHost: b\r\nconnection: close\r\n\r\n"],
    ["twice the same", "GET / HTTP/1.1\r\nhost: a\r\nhost: a\r\nconnection: close\r\n\r\n"],
    ["not at all", "GET /api/me HTTP/1.1\r\nconnection: close\r\n\r\n"],
  ])("given %s is a problem", async (_what, sent) => {
    let isAsked = false;
    await serve(() => void (isAsked = true));
    const [head = "", body = ""] = (await raw(sent)).answer.split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    const id = /^x-request-id: (.+)$/im.exec(head)?.[1]?.trim();
    expect(JSON.parse(body)).toMatchObject({ code: "invalid_request", status: 400, requestId: id });
    expect(isAsked).toBe(false);
  });

  it("may be missing where the protocol is too old to have it", async () => {
    await serve(answerAtOnce);
    expect((await raw("GET / HTTP/1.0\r\n\r\n")).answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe("what is no HTTP", () => {
  it("is answered with a problem, and the connection ends", async () => {
    await serve(answerNever);
    const { answer } = await raw("BREW\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*"code":"invalid_request"/);
  });

  it("after a request whose answer has begun puts nothing into that answer", async () => {
    await serve((_request, response) => void response.writeHead(200, { "content-type": "text/plain" }).write("begun"));
    const socket = net.connect(port, "127.0.0.1");
    const answer = text(socket).catch(() => "cut");
    let seen = "";
    socket.on("data", (part: Buffer) => (seen += part.toString()));
    socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    await eventually(() => seen.includes("begun"), { what: "the first part of the answer" });
    socket.write("BREW\r\n\r\n");
    await answer;
    expect(seen.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

describe("a request that takes too long", () => {
  it("is a problem with Retry-After for a program, and says whether it may have been done", async () => {
    await serve(answerNever);
    const read = await ask("/api/enrollments");
    expect([read.status, read.headers["retry-after"], read.headers["content-type"]]).toEqual([
      503,
      "2",
      "application/problem+json",
    ]);
    expect(JSON.parse(read.body)).toMatchObject({ code: "unavailable", requestId: read.headers["x-request-id"] });
    expect(JSON.parse(read.body).detail).not.toContain("may have been done");
    const written = await ask("/api/enroll", { method: "POST" });
    expect(JSON.parse(written.body).detail).toContain("may have been done");
    expect(read.ms).toBeGreaterThan(250);
    expect((await ask("/api/health/ready")).ms).toBeLessThan(read.ms);
  });

  it("is a page of words for people", async () => {
    await serve(answerNever);
    const { status, headers, body } = await ask("/inbox");
    expect([status, headers["retry-after"], headers["content-type"]]).toEqual([503, "2", "text/html; charset=utf-8"]);
    expect(body).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
    expect(body).toContain(`Reference ${String(headers["x-request-id"])}`);
    expect((await ask("/inbox", { method: "HEAD" })).body).toBe("");
  });

  it("may still be worked on: what that writes is dropped, and the connection goes on", async () => {
    const finished = Promise.withResolvers<unknown>();
    await serve(async (request, answer) => {
      if (request.url !== "/late") return void answer.end("next");
      await sleep(500);
      try {
        answer.setHeader("x-late", "1");
        answer.appendHeader("x-late", "2");
        answer.removeHeader("content-type");
        answer.writeHead(200, { "x-late": "3" });
        answer.write("late", () => answer.end("later", () => finished.resolve("no error")));
      } catch (error) {
        finished.resolve(error);
      }
    });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const late = await ask("/late", { agent });
    expect([late.status, late.headers["x-late"]]).toEqual([503, undefined]);
    expect(await finished.promise).toBe("no error");
    expect((await ask("/", { agent })).body).toBe("next");
    agent.destroy();
  });

  it("is not one whose body is still coming, whose stream has begun, or whose reader is slow", async () => {
    await serve(
      (request, answer) => {
        if (request.url === "/api/seats/stream") {
          answer.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
          setTimeout(() => answer.end("data: 2\n\n"), 3_500);
        } else if (request.url === "/file") answer.end(Buffer.alloc(8_000_000));
        else answerAtOnce(request, answer);
      },
      { bodyMs: 5_000 },
    );
    const stream = ask("/api/seats/stream");
    const slow = http.request({ port, host: "127.0.0.1", path: "/api/x", method: "POST", agent: false });
    slow.write("a");
    const reader = http.request({ port, host: "127.0.0.1", path: "/file", agent: false }).end();
    const [file] = (await once(reader, "response")) as [http.IncomingMessage];
    await sleep(700);
    slow.end("b");
    const [answered] = (await once(slow, "response")) as [http.IncomingMessage];
    expect(await text(answered)).toBe("ok");
    expect((await text(file)).length).toBe(8_000_000);
    expect((await stream).body).toBe("data: 1\n\ndata: 2\n\n");
  }, 15_000);

  it("is cut when its answer has begun and stands still", async () => {
    await serve((_request, answer) => void answer.write("the beginning"), { silenceMs: 0 });
    await expect(ask("/page")).rejects.toThrow(/aborted|ECONNRESET/);
  }, 15_000);
});

describe("an answer in pieces", () => {
  it("comes piece by piece: what was written is not kept back for what is not", async () => {
    let writeNext: ((piece: string | null) => void) | undefined;
    await serve((request, answer) => {
      request.resume();
      answer.setHeader("content-type", "text/plain");
      answer.flushHeaders();
      writeNext = (piece) => void (piece === null ? answer.end() : answer.write(piece));
    });
    const request = http.get({ port, host: "127.0.0.1", path: "/", agent: false });
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    const pieces: string[] = [];
    response.on("data", (piece: Buffer) => pieces.push(piece.toString()));
    for (const piece of ["one", "two", "three"]) {
      writeNext?.(piece);
      await eventually(() => pieces.at(-1) === piece);
    }
    writeNext?.(null);
    await once(response, "end");
    expect(pieces).toEqual(["one", "two", "three"]);
  });

  it("whose reader is slow waits for it, and loses nothing", async () => {
    const PIECE = "x".repeat(50_000);
    await serve(async (request, answer) => {
      request.resume();
      for (let n = 0; n < 100; n += 1) if (!answer.write(PIECE)) await once(answer, "drain");
      answer.end();
    });
    expect((await ask("/")).body.length).toBe(100 * PIECE.length);
  });
});

describe("draining", () => {
  it("refuses new connections, ends busy ones with their answer, idle ones soon, and what hangs at the deadline", async () => {
    let answer: (() => void) | undefined;
    const arrived = new Set<string | undefined>();
    const { drain } = await serve(
      (request, response) => {
        arrived.add(request.url);
        if (request.url === "/slow") answer = () => response.end("done");
        else if (request.url === "/stream")
          response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
        else if (request.url !== "/hangs") response.end("ok");
      },
      {
        deadlines: { requestMs: 60_000, readyMs: 60_000 },
        keepAliveMs: 60_000,
        drain: { idleMs: 1_000, deadlineMs: 2_500 },
      },
    );
    const busy = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const idle = new http.Agent({ keepAlive: true, maxSockets: 1 });
    await ask("/", { agent: idle });
    const slow = ask("/slow", { agent: busy });
    const hanging = ask("/hangs").catch((error: Error) => error.message);
    const streamed = ask("/stream");
    await eventually(() => ["/slow", "/hangs", "/stream"].every((path) => arrived.has(path)), { what: "all requests" });
    const startedAt = performance.now();
    const drained = drain();
    await sleep(100); // what had connected already is still let in
    await expect(ask("/")).rejects.toThrow("ECONNREFUSED");
    // What was kept may be used once more: whoever keeps it cannot know yet.
    const again = await ask("/", { agent: idle });
    expect([again.body, again.headers.connection]).toEqual(["ok", "close"]);
    answer?.();
    const last = await slow;
    expect([last.body, last.headers.connection]).toEqual(["done", "close"]);
    expect((await streamed).body).toBe("data: 1\n\n");
    expect(await hanging).toContain("socket hang up");
    await drained;
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    for (const agent of [busy, idle]) agent.destroy();
  }, 15_000);

  it("ends although clients keep their connections busy", async () => {
    const { drain } = await serve(answerAtOnce, { drain: { idleMs: 1_000, deadlineMs: 8_000 } });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
    let isOver = false;
    let answers = 0;
    const clients = Array.from({ length: 4 }, async () => {
      while (!isOver)
        await ask("/", { agent }).then(
          () => (answers += 1),
          () => sleep(20),
        );
    });
    await eventually(() => answers > 100, { what: "busy connections" });
    const startedAt = performance.now();
    await drain();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    isOver = true;
    await Promise.all(clients);
    agent.destroy();
  }, 15_000);
});
