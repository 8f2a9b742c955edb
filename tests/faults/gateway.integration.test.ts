// The gateway's own configuration, run by a real nginx before two small servers that repeat what they get.
import { readdirSync, readFileSync } from "node:fs";
import http from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allOperations } from "@/app/api/openapi.json/operations";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { problemResponse } from "@/lib/web/route/problem";
import { pageHeaders } from "@/lib/web/server/answer-headers";
import { sleep } from "@/scripts/lib/processes.mjs";
import { freePorts } from "@/scripts/lib/ports.mjs";
import { eventually } from "@/tests/support/eventually";
import { startGateway, type Gateway } from "@/tests/support/gateway";
import errors from "@/messages/en/errors.json" with { type: "json" };
import plainWords from "@/messages/en/plain-pages.json" with { type: "json" };

/** How long the gateway of this test waits for a web process that says nothing. */
const SILENCE_MS = 1_000;
const servers: http.Server[] = [];
let nginx: Gateway;
let gateway: string;
/** Nobody knows this token; that it has the form of one is enough for the gateway. */
const caller = { authorization: "Bearer aaaa.bbbb.cccc" };
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
  nginx = await startGateway(port, [first, second], (config) =>
    config.replace("proxy_read_timeout 12s", `proxy_read_timeout ${SILENCE_MS}ms`),
  );
  gateway = nginx.url;
});

afterAll(async () => {
  await nginx.stop();
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function ask(headers: Record<string, string> = {}): Promise<{ id: string | null; seen: Record<string, string> }> {
  const response = await fetch(`${gateway}/api/me`, { headers: { connection: "close", ...caller, ...headers } });
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
      authorization: "Bearer head.body.signature",
    });
    const names = Object.keys(seen);
    expect(names.filter((name) => /^(x-user|x-role|x-school|x-middleware|forwarded)/.test(name))).toEqual([]);
    expect(seen["x-forwarded-for"]).toBe("127.0.0.1");
    expect(seen["authorization"]).toBe("Bearer head.body.signature");
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
    const response = await fetch(`${gateway}/api/enroll`, {
      method: "POST",
      headers: caller,
      body: "x".repeat(8_400_000),
    });
    expect(response.status).toBe(413);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ code: "payload_too_large", status: 413 });
    const metrics = await fetch(`${gateway}/api/metrics`);
    await metrics.text();
    expect(metrics.status).toBe(404);
  });

  it("answers what needs a caller by itself when nobody calls, and lets everything else pass", async () => {
    const seen = new Map<string, number>();
    for (const { method, path, access, id } of allOperations()) {
      if (path === "/api/metrics") continue;
      const url = `${gateway}${path.replaceAll(/\{\w+\}/g, "some-id")}`;
      const nobody = await fetch(url, { method });
      seen.set(id, nobody.status);
      const body = (await nobody.json()) as Record<string, unknown>;
      if (access === "public") {
        expect({ id, name: body["name"] }).toEqual({ id, name: expect.stringMatching(/one|two/) as unknown });
        continue;
      }
      expect({ id, status: nobody.status, code: body["code"] }).toEqual({ id, status: 401, code: "unauthenticated" });
      for (const headers of [
        caller,
        { cookie: "x=1; __Host-next-auth.session-token=a.b.c" },
        { cookie: "campusos.refresh-token=abc" },
      ]) {
        const known = await fetch(url, { method, headers });
        expect({ id, status: known.status }).toEqual({ id, status: 200 });
        await known.text();
      }
    }
    expect(seen.size).toBeGreaterThan(30);
    const refused = await fetch(`${gateway}/api/me`, { headers: { authorization: "Basic eDp5" } });
    const own = problemResponse(
      new AppError("unauthenticated", { detail: say("detail.sendBearer") }),
      refused.headers.get("x-request-id") ?? "",
      "en",
    );
    expect(await refused.json()).toEqual(await own.json());
    for (const name of ["content-type", "www-authenticate", "cache-control", "x-request-id"])
      expect(refused.headers.get(name)).toBe(own.headers.get(name));
    // Addresses of pages that begin alike are no calls.
    for (const path of ["/attendance", "/sections", "/api/auth/session"])
      expect((await fetch(gateway + path)).status, path).toBe(200);
  });

  it("hides the end of every address that is a secret, of all that the product has", async () => {
    const config = readFileSync("deploy/nginx/nginx.conf", "utf8");
    const rooms = readdirSync("app", { recursive: true, encoding: "utf8" })
      .filter((folder) => folder.endsWith("/[token]"))
      .map((folder) =>
        folder
          .split("/")
          .slice(0, -1)
          .filter((part) => !part.startsWith("("))
          .join("/"),
      );
    expect(rooms.length).toBeGreaterThan(4);
    const [logged = "", silent = ""] = [...config.matchAll(/\(\?:(invite\|[^)]*)\)/g)].map(([, names]) => names);
    for (const names of [logged, silent]) for (const room of rooms) expect(names.split("|")).toContain(room);
    for (const room of rooms)
      if (!room.startsWith("api/")) expect(pageHeaders("n", `/${room}/x`)["referrer-policy"]).toBe("strict-origin");
  });

  it("passes each event of a stream on at once, and waits for the next however long it takes", async () => {
    const response = await fetch(`${gateway}/api/seats/stream`, { headers: { accept: "text/event-stream" } });
    const reader = response.body?.getReader();
    const chunk = await reader?.read(); // arrives although the server has not finished
    expect(new TextDecoder().decode(chunk?.value)).toBe("data: first\n\n");
    await sleep(SILENCE_MS + 700);
    releaseStream();
    const last = await reader?.read();
    expect(new TextDecoder().decode(last?.value)).toBe("data: last\n\n");
    await reader?.read();
  });

  it("takes an answer for a stream by its path, whatever a client says it accepts", async () => {
    const startedAt = performance.now();
    const response = await fetch(`${gateway}/api/me`, { headers: { ...caller, accept: "text/event-stream" } });
    await expect(response.text()).rejects.toThrow("terminated");
    expect(performance.now() - startedAt).toBeGreaterThan(SILENCE_MS - 100);
    releaseStream();
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
    const response = await fetch(`${gateway}/api/me`, { headers: caller });
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("2");
    expect(await response.json()).toMatchObject({ code: "unavailable", status: 503 });
    const page = await fetch(`${gateway}/today`, { headers: { accept: "text/html,application/xhtml+xml" } });
    expect([page.status, page.headers.get("content-type")]).toEqual([503, "text/html; charset=utf-8"]);
    expect(page.headers.get("retry-after")).toBe("5");
    const html = await page.text();
    for (const words of [errors.outageTitle, plainWords.outageBody, `>${errors.retry}<`]) expect(html).toContain(words);
    expect(html).toContain(page.headers.get("x-request-id"));
  });

  it("writes no secret of an address down, also when both web processes are down", async () => {
    const secrets = [
      "/reset/marker-7",
      "/confirm-email/marker-8",
      "/api/unsubscribe/marker-9",
      "/invite/marker-1",
      "//invite/marker-2",
      "/%69nvite/marker-3?x=marker-4",
      "/setup/marker-5/x",
    ];
    for (const path of secrets) expect((await fetch(gateway + path)).status, path).toBe(503);
    const referer = `${gateway}/`;
    expect((await fetch(`${gateway}/sections?q=marker-6`, { headers: { referer } })).status).toBe(503);
    const isWritten = () => nginx.logs().access.includes('"path":"/sections"');
    await eventually(isWritten, { what: "the last line of the log" });
    const { access, error } = nginx.logs();
    expect(access).toContain('"path":"/invite/[secret]"');
    expect(access).not.toContain("marker-");
    // Its errors have whole addresses in them, of all that is no secret.
    expect(error.replaceAll("/sections?q=marker-6", "")).not.toContain("marker-");
  });
});
