// The gateway's own configuration, run by a real nginx before two small servers that repeat what they get.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePorts, isListening } from "@/scripts/lib/ports.mjs";
import { eventually } from "@/tests/support/eventually";

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "campus-gateway-"));
const servers: http.Server[] = [];
let nginx: ChildProcess;
let gateway: string;
let releaseStream: () => void = () => undefined;

function echo(name: string): http.Server {
  return http.createServer((request, response) => {
    if (request.headers.accept === "text/event-stream") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: first\n\n");
      releaseStream = () => response.end("data: last\n\n");
      return;
    }
    request.resume().on("end", () => {
      response.setHeader("x-request-id", request.headers["x-request-id"] ?? "none");
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ name, headers: request.headers }));
    });
  });
}

beforeAll(async () => {
  const [first = 0, second = 0, port = 0] = await freePorts(3);
  for (const [name, webPort] of [["one", first] as const, ["two", second] as const]) {
    const server = echo(name);
    await new Promise<void>((resolve) => server.listen(webPort, "127.0.0.1", resolve));
    servers.push(server);
  }
  const config = fs
    .readFileSync("deploy/nginx/nginx.conf", "utf8")
    .replace("web-1:3000", `127.0.0.1:${first}`)
    .replace("web-2:3000", `127.0.0.1:${second}`)
    .replace("listen 8080", `listen 127.0.0.1:${port}`)
    .replaceAll("/tmp/nginx", `${dir}/nginx`)
    .replace("/dev/stdout", `${dir}/access.log`)
    .replace("/dev/stderr", `${dir}/error.log`);
  const file = path.join(dir, "nginx.conf");
  fs.writeFileSync(file, config);
  const check = spawnSync("/usr/sbin/nginx", ["-t", "-c", file], { encoding: "utf8" });
  expect(check.stderr).toContain("test is successful");
  nginx = spawn("/usr/sbin/nginx", ["-c", file, "-g", "daemon off;"], { stdio: "ignore" });
  gateway = `http://127.0.0.1:${port}`;
  await eventually(() => isListening(port), { what: "nginx to listen" });
});

afterAll(async () => {
  const exited = once(nginx, "exit");
  nginx.kill("SIGQUIT");
  await exited;
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  fs.rmSync(dir, { recursive: true, force: true });
});

async function ask(headers: Record<string, string> = {}): Promise<{ id: string | null; seen: Record<string, string> }> {
  const response = await fetch(`${gateway}/api/me`, { headers: { connection: "close", ...headers } });
  const { headers: seen } = (await response.json()) as { headers: Record<string, string> };
  return { id: response.headers.get("x-request-id"), seen };
}

describe("the gateway", () => {
  it("takes away what a client says about its identity, its address and the framework's inner life", async () => {
    const { seen } = await ask({
      "x-user": "admin",
      "x-role": "ADMIN",
      "x-school-id": "s",
      "x-middleware-subrequest": "proxy:proxy:proxy",
      "x-middleware-rewrite": "/admin",
      "x-middleware-override-headers": "authorization",
      "x-forwarded-for": "10.0.0.1",
      forwarded: "for=10.0.0.1",
      authorization: "Bearer token",
    });
    const names = Object.keys(seen);
    expect(names.filter((name) => /^(x-user|x-role|x-school|x-middleware|forwarded)/.test(name))).toEqual([]);
    expect(seen["x-forwarded-for"]).toBe("127.0.0.1");
    expect(seen["authorization"]).toBe("Bearer token");
  });

  it("keeps a harmless request id, replaces any other, and shows it once", async () => {
    const kept = await ask({ "x-request-id": "request-0123456789" });
    expect(kept.seen["x-request-id"]).toBe("request-0123456789");
    expect(kept.id).toBe("request-0123456789");
    const replaced = await ask({ "x-request-id": "a b;c" });
    expect(replaced.id).toMatch(/^[0-9a-f]{32}$/);
    expect(replaced.seen["x-request-id"]).toBe(replaced.id);
  });

  it("refuses a body over 8 MiB with a problem document, and hides the metrics", async () => {
    const response = await fetch(`${gateway}/api/enroll`, { method: "POST", body: "x".repeat(8_400_000) });
    expect(response.status).toBe(413);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ code: "payload_too_large", status: 413 });
    const metrics = await fetch(`${gateway}/api/metrics`);
    await metrics.text();
    expect(metrics.status).toBe(404);
  });

  it("passes each event of a stream on at once", async () => {
    const response = await fetch(`${gateway}/api/stream`, { headers: { accept: "text/event-stream" } });
    const reader = response.body?.getReader();
    const chunk = await reader?.read(); // arrives although the server has not finished
    expect(new TextDecoder().decode(chunk?.value)).toBe("data: first\n\n");
    releaseStream();
    await reader?.read();
    await reader?.read();
  });

  it("uses the other web process when one is down, and says 503 when both are", async () => {
    const [one, two] = servers;
    const close = (server: http.Server | undefined) => {
      server?.closeAllConnections();
      return new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    };
    await close(one);
    for (let request = 0; request < 10; request++) expect((await ask()).seen["host"]).toBeDefined();
    await close(two);
    const response = await fetch(`${gateway}/api/me`);
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("2");
    expect(await response.json()).toMatchObject({ code: "unavailable", status: 503 });
  });
});
