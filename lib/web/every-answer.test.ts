import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHttpServer } from "./server/http-server";
import { noteOutage } from "./server/outage";

/** As Next.js does, it answers by `writeHead`, `end` alone, or a header of its own. */
const { server, drain } = createHttpServer((request, response) => {
  seen.push(`${request.method} ${String(request.headers["x-request-id"])}`);
  if (request.url === "/moved") response.writeHead(308, { location: "/" }).end();
  else if (request.url?.startsWith("/failed")) fail(request.url, response);
  else if (request.url === "/own") response.setHeader("x-request-id", "of-the-route").end();
  else response.end("ok");
});
/** A page that failed, in each way in which an answer can be written. */
function fail(url: string, response: http.ServerResponse): void {
  if (url.includes("away")) noteOutage();
  response.statusCode = 500;
  response.setHeader("content-type", "text/html");
  if (url.includes("streamed")) response.flushHeaders();
  if (!url.includes("at-once")) response.write("the page of ");
  response.end("Next.js");
}
const seen: string[] = [];
let port = 0;

beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  port = (server.address() as net.AddressInfo).port;
});
afterAll(async () => {
  await drain();
});

describe("every answer", () => {
  it("has a request id, the caller's when it is harmless, and what is behind knows the same", async () => {
    for (const path of ["/", "/moved"]) {
      const { headers } = await ask("GET", path);
      expect(headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
      expect(seen.at(-1)).toBe(`GET ${String(headers["x-request-id"])}`);
    }
    expect((await ask("GET", "/", { "x-request-id": "gateway-12345678" })).headers["x-request-id"]).toBe(
      "gateway-12345678",
    );
    expect((await ask("GET", "/", { "x-request-id": "a b" })).headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect((await ask("GET", "/own")).headers["x-request-id"]).toBe("of-the-route");
    expect((await ask("GET", "/", { expect: "nonsense" })).headers["x-request-id"]).toBeTruthy();
  });

  it.each([
    ["TRACE", "/api/me", "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS"],
    ["PROPFIND", "/api/me", "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS"],
    ["QUERY", "//api/me", "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS"],
    ["PUT", "/login", "GET, HEAD, POST"],
    ["TRACE", "/", "GET, HEAD, POST"],
  ])("to %s %s is a problem that names the methods", async (method, path, allow) => {
    const before = seen.length;
    const { status, headers, body } = await ask(method, path);
    expect([status, headers.allow, headers["content-type"]]).toEqual([405, allow, "application/problem+json"]);
    expect(JSON.parse(body)).toMatchObject({ code: "method_not_allowed", requestId: headers["x-request-id"] });
    expect(seen).toHaveLength(before);
  });

  it("to the methods of a route is the route's business", async () => {
    for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
      expect((await ask(method, "/api/me")).body).toBe("ok");
  });

  it("to a router state that cannot be read is a problem", async () => {
    const state = (value: string) => ask("GET", "/login", { rsc: "1", "next-router-state-tree": value });
    for (const value of ["garbage", "%", "[]", "%5B1%2C2%5D", "null", "a".repeat(10_000)]) {
      const { status, body } = await state(value);
      expect([status, JSON.parse(body)], value.slice(0, 20)).toMatchObject([400, { code: "invalid_request" }]);
    }
    const real = ["", { children: ["login", { children: ["__PAGE__", {}] }] }, null, null, 16];
    expect((await state(encodeURIComponent(JSON.stringify(real)))).body).toBe("ok");
  });

  it.each(["", "-streamed", "-at-once"])("to a page without its database is 503 with words (%s)", async (how) => {
    const { status, headers, body } = await ask("GET", `/failed-away${how}`);
    expect([status, headers["retry-after"], headers["content-length"]]).toEqual([
      503,
      "2",
      `${Buffer.byteLength(body)}`,
    ]);
    expect(body).toMatch(/^<!doctype html>[^]*CampusOS is unavailable right now[^]*<\/html>\n$/);
    expect(body).toContain(`Reference ${String(headers["x-request-id"])}`);
    expect((await ask("HEAD", `/failed-away${how}`)).body).toBe("");
    const forScript = await ask("GET", `/failed-away${how}`, { rsc: "1" });
    expect([forScript.status, forScript.headers["retry-after"]]).toEqual([503, "2"]);
    expect(forScript.body).toMatch(/Next\.js$/);
    const defect = await ask("GET", `/failed${how}`);
    expect([defect.status, defect.headers["retry-after"]]).toEqual([500, undefined]);
    expect(defect.body).toMatch(/Next\.js$/);
  });

  it.each([
    ["an unknown method", "FOO / HTTP/1.1\r\nhost: a\r\n\r\n"],
    ["a broken header", "GET / HTTP/1.1\r\nhost: a\r\nbad header\r\n\r\n"],
    ["headers without end", `GET / HTTP/1.1\r\nhost: a\r\nx: ${"a".repeat(40_000)}\r\n\r\n`],
    ["another protocol", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000"],
  ])("to %s is a problem with a request id, and the end", async (_what, sent) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.write(sent);
    const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    const id = /^x-request-id: (.+)$/im.exec(head)?.[1]?.trim();
    expect(JSON.parse(body)).toMatchObject({ code: "invalid_request", requestId: id });
  });
});

async function ask(method: string, path: string, headers: Record<string, string> = {}) {
  const request = http.request({ port, host: "127.0.0.1", method, path, headers, agent: false });
  request.end();
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}
