// Before the browser tests, for each worker: the built product, two web processes and a worker process, on a demo school of
// its own and on a PostgreSQL, Redis and Kafka that are real. Everything started here is stopped by the function it returns.
import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { brokerList, prepareKafka, startBrokers } from "@/scripts/lib/services/kafka.mjs";
import { stopProcess } from "@/scripts/lib/processes.mjs";
import { ensurePrograms } from "@/scripts/lib/services/packages.mjs";
import { startRedis } from "@/scripts/lib/services/redis.mjs";
import { nodeArguments, nodeBinary } from "@/scripts/lib/runtime.mjs";
import { serviceEnvironment, servicesDown, servicesUp } from "@/scripts/lib/services/services.mjs";
import { selfSignedCertificate } from "./certificate";
import { e2eWorkers, portsOfProduct, publishProducts, type E2eProduct } from "./e2e-products";
import { startProduct } from "./product";
import { COPY_PREFIX, copyTemplate, databaseUrl, ensureTemplate, withServer } from "./template-database";

const execute = promisify(execFile);

type Undo = (() => Promise<unknown>)[];

/** Starts it all; the answer stops it all. */
export default async function setup(): Promise<() => Promise<void>> {
  const undo: Undo = [];
  const stop = async () => {
    for (const step of undo.reverse()) await step();
  };
  try {
    ensurePrograms(["chromium", "firefox", "redis", "java", "maven"]);
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), "campus-e2e-"));
    undo.push(async () => fs.rmSync(dir, { recursive: true, force: true }));
    const { state, started } = await servicesUp({ names: ["postgres"] });
    undo.push(() => servicesDown({ names: started }));
    const server = serviceEnvironment(state)["DATABASE_URL"] ?? "";
    const template = await ensureTemplate(server);

    // The local push service of a spec speaks https with this one; the workers trust it from their start.
    const certificate = selfSignedCertificate();
    const certificateFile = path.join(dir, "push-service.pem");
    fs.writeFileSync(certificateFile, certificate.cert);
    process.env["CAMPUS_E2E_PUSH_CERTIFICATE"] = JSON.stringify(certificate);

    const allPorts = (process.env["CAMPUS_E2E_PORTS"] ?? "").split(",").map(Number);
    // Settled, not raced: what the others started must be known before anything is stopped.
    const products = await Promise.allSettled(
      Array.from({ length: e2eWorkers() }, (_, worker) =>
        startOne(undo, {
          dir: path.join(dir, String(worker)),
          server,
          template,
          database: `${COPY_PREFIX}e2e_${process.pid}_${worker}`,
          ports: portsOfProduct(allPorts, worker),
          certificateFile,
        }),
      ),
    );
    publishProducts(products.map((product) => orThrow(product)));
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

function orThrow(product: PromiseSettledResult<E2eProduct>): E2eProduct {
  if (product.status === "rejected") throw product.reason;
  return product.value;
}

interface One {
  dir: string;
  server: string;
  template: string;
  database: string;
  ports: number[];
  certificateFile: string;
}

async function startOne(undo: Undo, { dir, server, template, database, ports, certificateFile }: One) {
  fs.mkdirSync(dir, { recursive: true });
  await copyTemplate(server, template, database);
  undo.push(() => withServer(server, (client) => client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)));

  // Redis and Kafka for this product alone: topics and channels have fixed names.
  const redis = await startRedis({ dir: path.join(dir, "redis"), diesWithParent: true });
  undo.push(() => stopProcess(redis));
  const nodes = await prepareKafka({ dir: path.join(dir, "kafka"), count: 1 });
  const brokers = await startBrokers(nodes, { diesWithParent: true });
  undo.push(() => Promise.all(brokers.map((broker) => stopProcess(broker))));

  const env = {
    DATABASE_URL: databaseUrl(server, database),
    REDIS_URL: redis.url,
    KAFKA_BROKERS: brokerList(nodes),
    CAMPUS_DATA_DIR: path.join(dir, "data"),
    CAMPUS_DEMO: "1",
    LOG_LEVEL: "warn",
    NODE_EXTRA_CA_CERTS: certificateFile,
    PUBLIC_URL: `http://localhost:${ports[0] ?? 3000}`,
    PUSH_ENDPOINT_ALLOWLIST: process.env["PUSH_ENDPOINT_ALLOWLIST"] ?? "localhost,127.0.0.1",
  };
  await seedDemo(env);
  const product = await startProduct({ env, ports });
  undo.push(() => product.stop());
  return { urls: product.baseUrls, databaseUrl: env.DATABASE_URL, dataDir: env.CAMPUS_DATA_DIR };
}

async function seedDemo(env: Record<string, string>): Promise<void> {
  try {
    await execute(nodeBinary(), nodeArguments(path.resolve("prisma/seed/main.ts")), {
      env: { ...process.env, ...env, NODE_ENV: "production" },
    });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`The demo school could not be loaded:\n${stdout}${stderr}`, { cause: error });
  }
}
