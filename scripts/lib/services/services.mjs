// The real services that tests and developers use: PostgreSQL, Redis and Kafka as processes of this machine, remembered
// in .services/state.json by pid and start time.
import fs from "node:fs";
import path from "node:path";
import { brokerList, prepareKafka, startBrokers } from "./kafka.mjs";
import { waitForFolder } from "../folder-lock.mjs";
import { isListening } from "../ports.mjs";
import { ensurePrograms } from "./packages.mjs";
import { startPostgres, stopPostgres, THROW_AWAY_SETTINGS } from "./postgres.mjs";
import { embeddedBinaries, systemBinaries } from "./postgres-binaries.mjs";
import { isSame, stopProcess } from "../processes.mjs";
import { startRedis } from "./redis.mjs";
import { root } from "../runtime.mjs";

/** @import { RememberedProcess } from "../processes.mjs" */
/** @import { Broker, KafkaNode } from "./kafka.mjs" */
/** @import { ProgramName } from "./packages.mjs" */

/**
 * One running service.
 * @typedef {{ url: string, ports: number[], processes: RememberedProcess[] }} Service
 * @typedef {Service & { dataDir: string, logFile: string, durable: boolean, system: boolean }} Postgres
 * @typedef {Service & { processes: Broker[], nodes: KafkaNode[] }} Kafka
 */

/**
 * What the state file says.
 * @typedef {{ postgres?: Postgres, redis?: Service, kafka?: Kafka }} ServicesState
 * @typedef {keyof ServicesState} ServiceName
 */

/**
 * How the services are wanted.
 * @typedef {object} ServiceOptions
 * @property {1 | 3 | undefined} [brokers]
 * @property {boolean | undefined} [durable]
 * @property {boolean | undefined} [system]
 * @property {boolean} [diesWithParent]
 * @property {Record<string, string>} [settings]
 * @typedef {ServiceOptions & { names?: ServiceName[], folder?: string }} ServicesOptions
 */

/**
 * What the start of a service gets; `remember` writes down what runs already while it still starts.
 * @typedef {object} Start
 * @property {string} folder
 * @property {ServiceOptions} options
 * @property {ServicesState} state
 * @property {(service: Service) => void} remember
 */

/**
 * The services by name, in the order in which they are started.
 * @type {ServiceName[]}
 */
export const SERVICE_NAMES = ["postgres", "redis", "kafka"];

/** Where the services keep their data and the state file. CAMPUS_TEST_SERVICES names another folder. */
export const servicesFolder = () => path.resolve(root, process.env.CAMPUS_TEST_SERVICES ?? ".services");

/** @param {string} folder */
const stateFile = (folder) => path.join(folder, "state.json");

/**
 * What the state file says; an empty object when there is none.
 * @returns {ServicesState}
 */
export function readState(folder = servicesFolder()) {
  try {
    return JSON.parse(fs.readFileSync(stateFile(folder), "utf8"));
  } catch {
    return {};
  }
}

/** @param {string} folder @param {ServicesState} state */
function writeState(folder, state) {
  const draft = `${stateFile(folder)}.${process.pid}`;
  fs.writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(draft, stateFile(folder));
}

/**
 * True when every process of the service still runs and its ports answer.
 * @param {Service | undefined} service
 */
export async function isServiceUp(service) {
  if (!service || !service.processes.every(isSame)) return false;
  return (await Promise.all(service.ports.map((port) => isListening(port)))).every(Boolean);
}

/**
 * The environment that points the product at the services, for those that are in the state.
 * @param {Partial<Record<ServiceName, Service | undefined>>} state
 * @returns {Record<string, string>}
 */
export function serviceEnvironment(state) {
  return {
    ...(state.postgres && { DATABASE_URL: state.postgres.url }),
    ...(state.redis && { REDIS_URL: state.redis.url }),
    ...(state.kafka && { KAFKA_BROKERS: state.kafka.url }),
  };
}

/**
 * Starts those of `names` that are not up; what runs already is taken as it is, unless an option asks for something else.
 * `brokers` (1) is how many nodes Kafka has; `durable` keeps fsync on in PostgreSQL; `system` uses the distribution's
 * PostgreSQL instead of the embedded one; with `diesWithParent` PostgreSQL ends when this process does, however that
 * ends; `settings` are further ones of PostgreSQL. Answer: the state, and the names that this call started.
 * @param {ServicesOptions} [wanted]
 */
export async function servicesUp({ names = SERVICE_NAMES, folder = servicesFolder(), ...options } = {}) {
  fs.mkdirSync(folder, { recursive: true });
  return aloneIn(folder, () => startMissing({ names, folder, options }));
}

/**
 * Two test runs that begin together: the second one waits and then finds everything up.
 * @template T
 * @param {string} folder
 * @param {() => Promise<T>} work
 */
async function aloneIn(folder, work) {
  const lock = await waitForFolder(folder, { what: "npm run services" }, { timeoutMs: 180_000 });
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/**
 * Throws a sentence when a service runs in another way than `options` ask for.
 * @param {ServiceName} name
 * @param {ServicesState} state
 * @param {ServiceOptions} options
 */
function assertAsWanted(name, { postgres, kafka }, options) {
  const had = { brokers: kafka?.nodes.length, durable: postgres?.durable, system: postgres?.system };
  /** @type {Record<ServiceName, (keyof typeof had)[]>} */
  const asked = { postgres: ["durable", "system"], redis: [], kafka: ["brokers"] };
  for (const option of asked[name]) {
    if (options[option] === undefined || options[option] === had[option]) continue;
    const how = {
      brokers: `with ${had.brokers} broker${had.brokers === 1 ? "" : "s"}, not ${options.brokers}`,
      durable: had.durable ? "with --durable" : "without --durable",
      system: had.system ? "with --system-postgres" : "without --system-postgres",
    };
    throw new Error(`${name} runs already ${how[option]}. Stop it first: npm run services -- down --only ${name}`);
  }
}

/** @param {{ names: ServiceName[], folder: string, options: ServiceOptions }} wanted */
async function startMissing({ names, folder, options }) {
  const state = readState(folder);
  /** @type {ServiceName[]} */
  const started = [];
  /** @type {Record<ServiceName, ProgramName[]>} */
  const programs = { postgres: [], redis: ["redis"], kafka: ["java", "maven"] };
  /** @type {ServiceName[]} */
  const missing = [];
  for (const name of names) {
    if (state[name]?.processes.some(isSame)) assertAsWanted(name, state, options);
    if (!(await isServiceUp(state[name]))) missing.push(name);
  }
  ensurePrograms(missing.flatMap((name) => programs[name]));
  const starters = { postgres: postgresUp, redis: redisUp, kafka: kafkaUp };
  const outcomes = await Promise.allSettled(
    missing.map(async (name) => {
      // Written while it starts, too: what is left of an `up` that was killed is found by the next one, and by `down`.
      const remember = (/** @type {Service} */ service) => {
        writeState(folder, Object.assign(state, { [name]: service }));
      };
      remember(await starters[name]({ folder, options, state, remember }));
      started.push(name);
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) {
    await stopServices({ names: started, folder });
    throw failed.reason;
  }
  return { state, started };
}

/** @param {Service | undefined} previous */
async function stopRemembered(previous) {
  for (const remembered of previous?.processes ?? []) await stopProcess(remembered);
}

/** @param {Start} start @returns {Promise<Postgres>} */
async function postgresUp({ folder, options, state: { postgres: previous } }) {
  await stopRemembered(previous);
  const { durable = false, system = false, diesWithParent = false } = options;
  const binaries = system ? systemBinaries() : embeddedBinaries();
  if (!binaries) throw new Error("No PostgreSQL 15 or newer is installed in /usr/lib/postgresql.");
  // Another version cannot read the other one's files.
  const dataDir = path.join(folder, system ? "postgres-system" : "postgres");
  const logFile = path.join(folder, "postgres.log");
  const settings = durable ? {} : THROW_AWAY_SETTINGS;
  // Many test files at a time, each with pools of its own. "log" leaves out the errors that tests provoke.
  const more = { max_connections: "400", log_min_messages: "log" };
  const server = await startPostgres({
    dataDir,
    logFile,
    binaries,
    port: previous?.ports[0],
    settings: { ...settings, ...more, ...options.settings },
    diesWithParent,
  });
  const url = server.url("campus");
  const { ensureDatabase } = await import("../migrate.mjs"); // needs an installed package; `down` and `status` do not
  await ensureDatabase(url);
  const processes = [{ pid: server.pid, identity: server.identity }];
  return { url, ports: [server.port], processes, dataDir, logFile, durable, system };
}

/** @param {Start} start @returns {Promise<Service>} */
async function redisUp({ folder, state: { redis: previous } }) {
  await stopRemembered(previous);
  const server = await startRedis({ dir: path.join(folder, "redis"), port: previous?.ports[0], databases: 1_024 });
  return { url: server.url, ports: [server.port], processes: [{ pid: server.pid, identity: server.identity }] };
}

/**
 * The topics stay, as PostgreSQL's data do: its cursors count what is in them. A cluster of another size has its own.
 * @param {Start} start
 */
async function kafkaUp({ folder, options, state: { kafka: previous }, remember }) {
  const count = options.brokers ?? previous?.nodes.length ?? 1;
  /** @type {Broker[]} */
  const healthy = [];
  for (const broker of previous?.processes ?? []) {
    const stays = previous?.nodes.length === count && isSame(broker) && (await isListening(broker.node.port));
    if (stays) healthy.push(broker);
    else await stopProcess(broker);
  }
  const dir = path.join(folder, count === 1 ? "kafka" : `kafka-${count}`);
  const nodes = await prepareKafka({ dir, count, running: healthy.length > 0 });
  /** @param {Broker[]} brokers @returns {Kafka} */
  const service = (brokers) => ({
    url: brokerList(nodes),
    ports: nodes.map((node) => node.port),
    processes: [...healthy, ...brokers].sort((a, b) => a.node.id - b.node.id),
    nodes,
  });
  const missing = nodes.filter(({ id }) => !healthy.some(({ node }) => node.id === id));
  return service(await startBrokers(missing, { onSpawn: (brokers) => remember(service(brokers)) }));
}

/**
 * Stops those of `names` that are up, each by its own pid, and forgets them. The data of PostgreSQL and Kafka stay.
 * @param {{ names?: ServiceName[], folder?: string }} [which]
 */
export async function servicesDown({ names = SERVICE_NAMES, folder = servicesFolder() } = {}) {
  if (fs.existsSync(folder)) await aloneIn(folder, () => stopServices({ names, folder }));
}

/** @param {{ names: ServiceName[], folder: string }} which */
async function stopServices({ names, folder }) {
  const state = readState(folder);
  await Promise.all(
    names.map(async (name) => {
      const service = state[name];
      if (!service) return;
      const server = service.processes[0];
      if (name === "postgres" && state.postgres && server && isSame(server)) {
        await stopPostgres(state.postgres.dataDir, server.pid, state.postgres.logFile);
      } else {
        await Promise.all(service.processes.map((remembered) => stopProcess(remembered, { timeoutMs: 15_000 })));
      }
    }),
  );
  const left = Object.fromEntries(
    Object.entries(readState(folder)).filter(([name]) => !names.some((stopped) => stopped === name)),
  );
  if (fs.existsSync(stateFile(folder))) writeState(folder, left);
}
