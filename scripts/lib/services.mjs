// The real services that tests and developers use: PostgreSQL, Redis and Kafka as processes of this machine, remembered
// in .services/state.json by pid and start time.
import fs from "node:fs";
import path from "node:path";
import { brokerList, prepareKafka, startBrokers } from "./kafka.mjs";
import { FolderInUse, lockFolder } from "./folder-lock.mjs";
import { isListening } from "./ports.mjs";
import { ensurePrograms } from "./packages.mjs";
import { startPostgres, stopPostgres, THROW_AWAY_SETTINGS } from "./postgres.mjs";
import { embeddedBinaries, systemBinaries } from "./postgres-binaries.mjs";
import { ensureDatabase } from "./migrate.mjs";
import { isSame, sleep, stopProcess } from "./processes.mjs";
import { startRedis } from "./redis.mjs";
import { root } from "./runtime.mjs";

/** The services by name, in the order in which they are started. */
export const SERVICE_NAMES = ["postgres", "redis", "kafka"];

/** Where the services keep their data and the state file. CAMPUS_TEST_SERVICES names another folder. */
export const servicesFolder = () => path.resolve(root, process.env.CAMPUS_TEST_SERVICES ?? ".services");

const stateFile = (folder) => path.join(folder, "state.json");

/** What the state file says; an empty object when there is none. */
export function readState(folder = servicesFolder()) {
  try {
    return JSON.parse(fs.readFileSync(stateFile(folder), "utf8"));
  } catch {
    return {};
  }
}

function writeState(folder, state) {
  const draft = `${stateFile(folder)}.${process.pid}`;
  fs.writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(draft, stateFile(folder));
}

/** True when every process of the service still runs and its ports answer. */
export async function isServiceUp(service) {
  if (!service || !service.processes.every(isSame)) return false;
  return (await Promise.all(service.ports.map((port) => isListening(port)))).every(Boolean);
}

/** The environment that points the product at the services, for those that are in the state. */
export function serviceEnvironment(state) {
  return {
    ...(state.postgres && { DATABASE_URL: state.postgres.url }),
    ...(state.redis && { REDIS_URL: state.redis.url }),
    ...(state.kafka && { KAFKA_BROKERS: state.kafka.url }),
  };
}

/**
 * Starts those of `names` that are not up. `durable` keeps fsync on in PostgreSQL; `system` uses the distribution's
 * PostgreSQL instead of the embedded one. Answer: the state, and the names that this call started.
 */
export async function servicesUp({
  names = SERVICE_NAMES,
  brokers = 1,
  durable = false,
  system = false,
  folder = servicesFolder(),
} = {}) {
  fs.mkdirSync(folder, { recursive: true });
  const lock = await waitForFolder(folder);
  try {
    return await startMissing({ names, brokers, durable, system, folder });
  } finally {
    lock.release();
  }
}

// Two test runs that begin together: the second one waits and then finds everything up.
async function waitForFolder(folder) {
  const end = Date.now() + 180_000;
  for (;;) {
    try {
      return await lockFolder(folder, { what: "npm run services" });
    } catch (error) {
      if (!(error instanceof FolderInUse) || Date.now() > end) throw error;
      await sleep(200);
    }
  }
}

async function startMissing({ names, brokers, durable, system, folder }) {
  const state = readState(folder);
  const started = [];
  const programs = { postgres: [], redis: ["redis"], kafka: ["java", "maven"] };
  const missing = [];
  for (const name of names) if (!(await isServiceUp(state[name]))) missing.push(name);
  ensurePrograms(missing.flatMap((name) => programs[name]));
  const starters = {
    postgres: () => postgresUp({ folder, durable, system, previous: state.postgres }),
    redis: () => redisUp(folder, state.redis),
    kafka: () => kafkaUp(folder, brokers),
  };
  const outcomes = await Promise.allSettled(
    missing.map(async (name) => {
      for (const remembered of state[name]?.processes ?? []) await stopProcess(remembered);
      state[name] = await starters[name]();
      started.push(name);
      writeState(folder, state);
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) {
    await servicesDown({ names: started, folder });
    throw failed.reason;
  }
  return { state, started };
}

async function postgresUp({ folder, durable, system, previous }) {
  const binaries = system ? systemBinaries() : embeddedBinaries();
  if (!binaries) throw new Error("No PostgreSQL 15 or newer is installed in /usr/lib/postgresql.");
  const dataDir = path.join(folder, "postgres");
  const logFile = path.join(folder, "postgres.log");
  const settings = durable ? {} : THROW_AWAY_SETTINGS;
  // Many test files at a time, each with pools of its own.
  const more = { max_connections: "400", log_min_messages: "fatal" };
  const server = await startPostgres({
    dataDir,
    logFile,
    binaries,
    port: previous?.ports[0],
    settings: { ...settings, ...more },
  });
  const url = server.url("campus");
  await ensureDatabase(url);
  return { url, ports: [server.port], processes: [{ pid: server.pid, identity: server.identity }], dataDir, logFile };
}

async function redisUp(folder, previous) {
  const server = await startRedis({ dir: path.join(folder, "redis"), port: previous?.ports[0], databases: 1_024 });
  return { url: server.url, ports: [server.port], processes: [{ pid: server.pid, identity: server.identity }] };
}

async function kafkaUp(folder, count) {
  const nodes = await prepareKafka({ dir: path.join(folder, "kafka"), count });
  const processes = await startBrokers(nodes);
  return { url: brokerList(nodes), ports: nodes.map((node) => node.port), processes, nodes };
}

/** Stops those of `names` that are up, each by its own pid, and forgets them. The data of PostgreSQL stay. */
export async function servicesDown({ names = SERVICE_NAMES, folder = servicesFolder() } = {}) {
  const state = readState(folder);
  await Promise.all(
    names.map(async (name) => {
      const service = state[name];
      if (!service) return;
      if (name === "postgres" && isSame(service.processes[0])) {
        await stopPostgres(service.dataDir, service.processes[0].pid, service.logFile);
      } else {
        await Promise.all(service.processes.map((remembered) => stopProcess(remembered, { timeoutMs: 15_000 })));
      }
    }),
  );
  const left = Object.fromEntries(Object.entries(readState(folder)).filter(([name]) => !names.includes(name)));
  if (fs.existsSync(stateFile(folder))) writeState(folder, left);
}
