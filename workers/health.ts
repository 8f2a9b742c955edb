import { createServer, type Server } from "node:http";
import type { Lifecycle } from "@/lib/platform/lifecycle";
import { metrics } from "@/lib/platform/metrics";

/**
 * Answers for the worker process: `/live` (every role moved lately), `/ready` (live and not stopping), `/metrics`.
 * Meant for the machine's own network, like the database.
 */
export function serveHealth(port: number, lifecycle: Lifecycle): Server {
  return createServer((request, response) => {
    const health = lifecycle.health();
    const isLive = health.roles.every((role) => role.isLive);
    const answer = (ok: boolean) => {
      response.writeHead(ok ? 200 : 503, { "content-type": "application/json", "cache-control": "no-store" });
      response.end(JSON.stringify(health));
    };
    switch (request.url) {
      case "/live":
        return answer(isLive);
      case "/ready":
        return answer(isLive && health.state === "running");
      case "/metrics":
        return void metrics()
          .metrics()
          .then((text) => response.writeHead(200, { "content-type": metrics().contentType }).end(text));
      default:
        response.writeHead(404).end();
    }
  }).listen(port);
}
