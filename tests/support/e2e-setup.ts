// Before the browser tests: the built product, two web processes and a worker, on a demo school of its own and on a
// PostgreSQL, Redis and Kafka that are real. Everything that is started here is stopped by the function it returns.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { brokerList, prepareKafka, startBrokers } from "@/scripts/lib/services/kafka.mjs";
import { stopProcess } from "@/scripts/lib/processes.mjs";
import { ensurePrograms } from "@/scripts/lib/services/packages.mjs";
import { startRedis } from "@/scripts/lib/services/redis.mjs";
import { nodeArguments, nodeBinary } from "@/scripts/lib/runtime.mjs";
import { serviceEnvironment, servicesDown, servicesUp } from "@/scripts/lib/services/services.mjs";
import { selfSignedCertificate } from "./certificate";
import { startProduct } from "./product";
import { COPY_PREFIX, copyTemplate, databaseUrl, ensureTemplate, withServer } from "./template-database";

/** Starts it all; the answer stops it all. */
export default async function setup(): Promise<() => Promise<void>> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of undo.reverse()) await step();
  };
  try {
    ensurePrograms(["chromium", "firefox"]);
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), "campus-e2e-"));
    undo.push(async () => fs.rmSync(dir, { recursive: true, force: true }));
    const { state, started } = await servicesUp({ names: ["postgres"] });
    undo.push(() => servicesDown({ names: started }));
    const server = serviceEnvironment(state)["DATABASE_URL"] ?? "";
    const name = `${COPY_PREFIX}e2e_${process.pid}`;
    await copyTemplate(server, await ensureTemplate(server), name);
    undo.push(() => withServer(server, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)));

    // Redis and Kafka for this run alone: topics and channels have fixed names.
    const redis = await startRedis({ dir: path.join(dir, "redis"), diesWithParent: true });
    undo.push(() => stopProcess(redis));
    const nodes = await prepareKafka({ dir: path.join(dir, "kafka"), count: 1 });
    const brokers = await startBrokers(nodes, { diesWithParent: true });
    undo.push(() => Promise.all(brokers.map((broker) => stopProcess(broker))));

    // The local push service of a spec speaks https with this one; the worker trusts it from its start.
    const certificate = selfSignedCertificate();
    fs.writeFileSync(path.join(dir, "push-service.pem"), certificate.cert);
    process.env["CAMPUS_E2E_PUSH_CERTIFICATE"] = JSON.stringify(certificate);

    const ports = (process.env["CAMPUS_E2E_PORTS"] ?? "").split(",").map(Number);
    const env = {
      DATABASE_URL: databaseUrl(server, name),
      REDIS_URL: redis.url,
      KAFKA_BROKERS: brokerList(nodes),
      CAMPUS_DATA_DIR: path.join(dir, "data"),
      CAMPUS_DEMO: "1",
      LOG_LEVEL: "warn",
      NODE_EXTRA_CA_CERTS: path.join(dir, "push-service.pem"),
      PUBLIC_URL: `http://localhost:${ports[0] ?? 3000}`,
      PUSH_ENDPOINT_ALLOWLIST: process.env["PUSH_ENDPOINT_ALLOWLIST"] ?? "localhost,127.0.0.1",
    };
    const seed = spawnSync(nodeBinary(), nodeArguments(path.resolve("prisma/seed/main.ts")), {
      env: { ...process.env, ...env, NODE_ENV: "production" },
      encoding: "utf8",
    });
    if (seed.status !== 0) throw new Error(`The demo school could not be loaded:\n${seed.stdout}${seed.stderr}`);
    const product = await startProduct({ env, ports });
    undo.push(() => product.stop());
    // For specs that need more than the browser: the second web process, the database.
    process.env["CAMPUS_E2E_URLS"] = product.baseUrls.join(",");
    process.env["CAMPUS_E2E_DATABASE_URL"] = env.DATABASE_URL;
    process.env["CAMPUS_E2E_DATA_DIR"] = env.CAMPUS_DATA_DIR;
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
