import { db } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import { LockSession } from "@/lib/platform/events/lock-session";
import { runRoles } from "@/lib/platform/runtime/lifecycle";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import { CONSUMERS } from "./consumers/registry";
import { serveHealth } from "./health";
import { defaultRoles, makeRoles, ROLE_NAMES, type RoleName } from "./roles";

const DRAIN_MS = 8_000;
/** Longer than any time-out of a statement, a transaction or a broker. */
const LIVENESS_MS = 90_000;

/** The worker process: `workers/main.ts [role…]`, all roles that the configuration needs when none are named. */
async function main(): Promise<number> {
  const config = env();
  if (!config.DATABASE_URL) throw new Error("DATABASE_URL is not set: `npm start` sets it for the embedded database.");
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !isRole(name));
  if (unknown.length > 0) throw new Error(`No such role: ${unknown.join(", ")}. Roles: ${ROLE_NAMES.join(", ")}.`);
  const names = named.length > 0 ? named.filter(isRole) : defaultRoles(config);

  const client = db();
  const session = new LockSession(config.DATABASE_URL);
  const roles = makeRoles(names, { config, client, session, consumers: CONSUMERS });
  const lifecycle = runRoles({
    roles,
    drainMs: DRAIN_MS,
    livenessMs: LIVENESS_MS,
    async close() {
      await session.close();
      await client.$disconnect();
    },
  });
  for (const event of ["uncaughtException", "unhandledRejection"] as const)
    process.on(event, (error: unknown) => {
      log().fatal({ error: errorForLog(error) }, event);
      process.exit(1);
    });
  const { WORKER_HEALTH_HOST: host, WORKER_HEALTH_PORT: port } = config;
  const health = port ? serveHealth({ host, port }, lifecycle) : undefined;
  log().info(
    { roles: roles.map(({ name }) => name), source: config.KAFKA_BROKERS?.length ? "kafka" : "log" },
    "worker started",
  );
  const code = await lifecycle.ended;
  health?.close();
  return code;
}

function isRole(name: string): name is RoleName {
  return (ROLE_NAMES as readonly string[]).includes(name);
}

try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
