// Apache Kafka without Docker: KRaft brokers as plain Java processes, from jars that Maven fetches once.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { freePorts, isListening, isPortFree } from "../ports.mjs";
import { dieWithParent } from "./postgres-binaries.mjs";
import { describeProcess, isAlive, pidOf, tailOf, waitUntil } from "../processes.mjs";
import { root } from "../runtime.mjs";

/** @import { RememberedProcess } from "../processes.mjs" */

/**
 * A node that is formatted and can be started.
 * @typedef {object} KafkaNode
 * @property {number} id
 * @property {string} jars
 * @property {number} port
 * @property {number} controllerPort
 * @property {string} dataDir
 * @property {string} properties
 * @property {string} logFile
 */

/**
 * A node that runs.
 * @typedef {RememberedProcess & { node: KafkaNode }} Broker
 */

/**
 * What a cluster keeps: its id and its ports, first those for clients, then those of the controllers.
 * @typedef {{ clusterId: string, ports: number[] }} Cluster
 */

/** @typedef {Record<string, string | number | boolean>} Properties */

const JVM_FLAGS = ["-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"];
const READY_MS = 90_000;

/** The folder of Kafka's jars; fetched with Maven on the first call, which takes some seconds. */
export function kafkaJars() {
  const pom = path.join(root, "scripts/kafka/pom.xml");
  const version = /<kafka\.version>([^<]+)</.exec(fs.readFileSync(pom, "utf8"))?.[1];
  if (!version) throw new Error(`${pom} names no version of Kafka.`);
  const folder = path.join(root, ".services", `kafka-${version}`);
  if (fs.existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  const args = ["-q", "-B", "-f", pom, "dependency:copy-dependencies", `-DoutputDirectory=${draft}`];
  const result = spawnSync("mvn", args, { encoding: "utf8" });
  if (result.status !== 0) {
    fs.rmSync(draft, { recursive: true, force: true });
    throw new Error(
      `Maven could not fetch Apache Kafka ${version}:\n${result.error?.message ?? `${result.stdout}${result.stderr}`}`,
    );
  }
  try {
    fs.renameSync(draft, folder);
  } catch {
    fs.rmSync(draft, { recursive: true, force: true }); // another start was faster
  }
  return folder;
}

/**
 * Java's arguments up to the main class.
 * @param {string} jars
 */
const javaArguments = (jars) => [
  ...JVM_FLAGS,
  "-cp",
  path.join(jars, "*"),
  `-Dlog4j2.configurationFile=${pathToFileURL(path.join(root, "scripts/kafka/log4j2.xml")).href}`,
];

/**
 * A Java properties file: its format is Latin-1 with escapes.
 * @param {Properties} settings
 */
export function propertiesText(settings) {
  const escape = (/** @type {string} */ text) =>
    text
      .replaceAll("\\", "\\\\")
      .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${escape(String(value))}\n`)
    .join("");
}

/**
 * The cluster of `count` nodes in `dir`: the one that was made there before, with its data, or a new one with formatted
 * storage. It keeps its ports as long as they are free; `running` says that some of its nodes run on them. Answer: the
 * nodes, not yet started.
 * @param {{ dir: string, count: number, running?: boolean }} options
 * @returns {Promise<KafkaNode[]>}
 */
export async function prepareKafka({ dir, count, running = false }) {
  const jars = kafkaJars();
  const file = path.join(dir, "cluster.json");
  /** @type {Cluster | undefined} */
  const known = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : undefined;
  if (known && known.ports.length !== count * 2)
    throw new Error(`${dir} holds a cluster of ${known.ports.length / 2} nodes, not ${count}.`);
  if (running && !known)
    throw new Error(`${file} is gone while nodes run. Stop them first: npm run services -- down --only kafka`);
  const clusterId = known?.clusterId ?? `A${randomBytes(16).toString("base64url").slice(1)}`; // a leading "-" would look like an option
  const ports = known && running ? known.ports : await portsOf(known, count * 2);
  const portAt = (/** @type {number} */ index) => /** @type {number} */ (ports[index]); // two for each node
  const nodes = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    jars,
    port: portAt(index),
    controllerPort: portAt(count + index),
    dataDir: path.join(dir, `node-${index + 1}`),
    properties: path.join(dir, `node-${index + 1}.properties`),
    logFile: path.join(dir, `node-${index + 1}.log`),
  }));
  fs.mkdirSync(dir, { recursive: true });
  for (const node of nodes) fs.writeFileSync(node.properties, propertiesText(brokerSettings(node, nodes)));
  if (!known) {
    // Half made by a preparation that was killed: nothing was ever stored in it.
    for (const node of nodes) fs.rmSync(node.dataDir, { recursive: true, force: true });
    await Promise.all(nodes.map((node) => format(node, clusterId)));
  }
  fs.writeFileSync(file, JSON.stringify({ clusterId, ports }));
  return nodes;
}

/** @param {Cluster | undefined} known @param {number} count */
async function portsOf(known, count) {
  const free = await Promise.all((known?.ports ?? []).map((port) => isPortFree(port, "127.0.0.1")));
  return known && free.every(Boolean) ? known.ports : freePorts(count);
}

/** @param {KafkaNode} node @param {string} clusterId */
async function format(node, clusterId) {
  const tool = ["kafka.tools.StorageTool", "format", "-t", clusterId, "-c", node.properties];
  const child = spawn("java", [...javaArguments(node.jars), ...tool], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (/** @type {Buffer} */ chunk) => (said += chunk));
  /** @type {string | number | null} */
  const code = await new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`Kafka's storage could not be formatted (${code}):\n${said}`);
}

/** @param {KafkaNode} node @param {KafkaNode[]} nodes @returns {Properties} */
function brokerSettings(node, nodes) {
  const replicas = Math.min(nodes.length, 3);
  const inSync = replicas > 1 ? 2 : 1;
  return {
    "process.roles": "broker,controller",
    "node.id": node.id,
    "controller.quorum.voters": nodes.map((other) => `${other.id}@127.0.0.1:${other.controllerPort}`).join(","),
    "controller.listener.names": "CONTROLLER",
    listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${node.port}`,
    "log.dirs": node.dataDir,
    "auto.create.topics.enable": false, // the product makes its topics: a typing error must not
    "default.replication.factor": replicas,
    "min.insync.replicas": inSync,
    "offsets.topic.replication.factor": replicas,
    "offsets.topic.num.partitions": 8,
    "transaction.state.log.replication.factor": replicas,
    "transaction.state.log.min.isr": inSync,
    "transaction.state.log.num.partitions": 4,
    "share.coordinator.state.topic.replication.factor": replicas,
    "share.coordinator.state.topic.min.isr": inSync,
    "group.initial.rebalance.delay.ms": 0,
    "num.network.threads": 2,
    "num.io.threads": 2,
    "log.cleaner.dedupe.buffer.size": 16_777_216,
    // Quick fail-over: the defaults take up to 18 s to notice a dead broker.
    "broker.session.timeout.ms": 3_000,
    "broker.heartbeat.interval.ms": 500,
    "controller.quorum.election.timeout.ms": 500,
    "controller.quorum.fetch.timeout.ms": 1_000,
  };
}

/**
 * Starts prepared nodes and waits until all of them listen; `onSpawn` gets them before that. Answer: one
 * `{pid, identity, node}` each, in the same order. With `diesWithParent` they end when this process does, however that ends.
 * @param {KafkaNode[]} nodes
 * @param {{ diesWithParent?: boolean, onSpawn?: (brokers: Broker[]) => void }} [options]
 * @returns {Promise<Broker[]>}
 */
export async function startBrokers(nodes, { diesWithParent = false, onSpawn = () => {} } = {}) {
  const [command, ...prefix] = [...(diesWithParent ? dieWithParent("KILL") : []), "java"];
  const started = nodes.map((node) => {
    const log = fs.openSync(node.logFile, "a");
    const child = spawn(command, [...prefix, ...javaArguments(node.jars), "kafka.Kafka", node.properties], {
      stdio: ["ignore", log, log],
      detached: true,
    });
    fs.closeSync(log);
    child.once("error", () => {}); // seen below: it never listens
    child.unref();
    return { ...describeProcess(pidOf(child)), node };
  });
  onSpawn(started);
  const dead = () => started.find(({ pid }) => !isAlive(pid));
  const listening = async () => (await Promise.all(nodes.map((node) => isListening(node.port)))).every(Boolean);
  const inTime = await waitUntil(async () => dead() !== undefined || (await listening()), READY_MS, 100);
  const failed = dead() ?? (inTime ? undefined : started[0]);
  if (failed) {
    for (const { pid } of started) if (isAlive(pid)) process.kill(pid, "SIGKILL");
    throw new Error(`Kafka did not start. Its log, ${failed.node.logFile}, says:\n${tailOf(failed.node.logFile)}`);
  }
  return started;
}

/**
 * The addresses for KAFKA_BROKERS.
 * @param {KafkaNode[]} nodes
 */
export const brokerList = (nodes) => nodes.map((node) => `127.0.0.1:${node.port}`).join(",");
