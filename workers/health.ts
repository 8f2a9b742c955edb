import { createServer, type Server } from "node:http";
import type { Lifecycle } from "@/lib/platform/runtime/lifecycle";
import { metrics } from "@/lib/platform/runtime/metrics";
import { holdsMetricsToken } from "@/lib/platform/runtime/metrics-token";

/**
 * Answers for the worker process: `/live` (every role moved lately), `/ready` (live and not stopping), and `/metrics`,
 * which needs METRICS_TOKEN as that of the web process does and is not there without one. On the loopback unless
 * WORKER_HEALTH_HOST says another address.
 */
export function serveHealth(at: { port: number; host: string }, lifecycle: Lifecycle): Server {
  return createServer((request, response) => {
    const health = lifecycle.health();
    const isLive = health.roles.every((role) => role.isLive);
    const answer = (status: number, body: object) => {
      response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
      response.end(JSON.stringify(body));
    };
    switch (request.url) {
      case "/live":
        return answer(isLive ? 200 : 503, health);
      case "/ready":
        return answer(isLive && health.state === "running" ? 200 : 503, health);
      case "/metrics": {
        const held = holdsMetricsToken(request.headers.authorization);
        if (held === "notConfigured") return answer(404, {});
        if (held === "no") return answer(401, {});
        return void metrics()
          .metrics()
          .then((text) => response.writeHead(200, { "content-type": metrics().contentType }).end(text));
      }
      default:
        return answer(404, {});
    }
  }).listen(at);
}
