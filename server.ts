import next from "next";
import { waitAsRequestsDo } from "./lib/platform/db/client";
import { env } from "./lib/platform/runtime/env";
import { errorForLog, log } from "./lib/platform/runtime/log";
import { checkConfiguration } from "./lib/web/server/configuration";
import { createHttpServer, HTTP_LIMITS, type HttpLimits } from "./lib/web/server/http-server";

/** In development a page is compiled when somebody asks for it, and nothing is served while a debugger holds the process. */
const UNHURRIED: HttpLimits = {
  ...HTTP_LIMITS,
  silenceMs: 0,
  deadlines: { requestMs: 600_000, readyMs: 600_000 },
  drain: { idleMs: 0, deadlineMs: 500 },
};

/**
 * The web process: Next.js behind our own HTTP server (time-outs, request ids, refusals, words while the database is
 * away). Listens when it can answer. SIGTERM or SIGINT: no new connections, what is under way is finished, then 0.
 */
async function main(): Promise<void> {
  checkConfiguration();
  const { CAMPUS_HOST, NODE_ENV, PORT } = env();
  const isDev = NODE_ENV === "development";
  // React and Next.js go by these. Next.js hands some calls of actions on to itself: not to whatever host a caller names.
  const ownAddress = CAMPUS_HOST && !ANY_ADDRESS.includes(CAMPUS_HOST) ? CAMPUS_HOST : "127.0.0.1";
  Object.assign(process.env, { NODE_ENV, __NEXT_PRIVATE_ORIGIN: `http://${hostOfUrl(ownAddress)}:${PORT}` });
  waitAsRequestsDo();
  // The loader had Node keep the map of every file that it loads. Those of the built pages are 140 MB; `errorForLog` reads
  // the one that it needs.
  if (!isDev) process.setSourceMapsEnabled(false);
  const app = next({ dev: isDev, port: PORT, quiet: true });
  await app.prepare();

  const { server, drain } = createHttpServer(app.getRequestHandler(), isDev ? UNHURRIED : HTTP_LIMITS);
  const stop = (signal: NodeJS.Signals) => {
    log().info({ reason: signal }, "stopping");
    void drain()
      .then(() => app.close())
      .catch((error: unknown) => log().error({ err: errorForLog(error) }, "did not close cleanly"))
      .then(() => process.exit(0));
  };
  process.once("SIGTERM", stop).once("SIGINT", stop);
  // Something that nobody waits for any more must not end the requests of everybody else.
  process.on("unhandledRejection", (error) => log().error({ err: errorForLog(error) }, "unhandled rejection"));
  server.once("error", fail);
  server.listen({ port: PORT, host: CAMPUS_HOST }, () => log().info({ port: PORT }, "web started"));
}

const ANY_ADDRESS = ["0.0.0.0", "::"];

function hostOfUrl(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
