import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Kafka, logLevel, type Admin } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@/tests/support/eventually";
import { isSame, signalProcess, type RememberedProcess } from "@/scripts/lib/processes.mjs";
import {
  isServiceUp,
  servicesDown,
  servicesUp,
  type Service,
  type ServiceName,
  type ServicesOptions,
} from "@/scripts/lib/services/services.mjs";

let folder: string;
beforeAll(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "campus services ü-"))));
afterAll(async () => {
  await servicesDown({ folder });
  fs.rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function withAdmin<T>(url: string, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: url.split(","), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
const makeTopic = (url: string) =>
  withAdmin(url, (admin) => admin.createTopics({ waitForLeaders: true, topics: [{ topic: "kept" }] }));
const topics = (url: string) =>
  withAdmin(url, async (admin) => (await admin.listTopics()).filter((name) => name === "kept"));

async function up(name: ServiceName, options: ServicesOptions = {}): Promise<Service & { started: ServiceName[] }> {
  const { state, started } = await servicesUp({ folder, names: [name], ...options });
  const service = state[name];
  if (!service) throw new Error(`${name} is not in the state`);
  return { ...service, started };
}
const down = (name: ServiceName) => servicesDown({ folder, names: [name] });
const pids = (service: Service) => service.processes.map(({ pid }) => pid);

describe("Kafka of the services", () => {
  it("keeps topics, ports and the other brokers when one of three is killed and brought up again", async () => {
    const cluster = await up("kafka", { brokers: 3 });
    await makeTopic(cluster.url);
    const [, second] = cluster.processes;
    await kill(second);
    expect(await isServiceUp(cluster)).toBe(false);

    await expect(up("kafka", { brokers: 1 })).rejects.toThrow(
      "kafka runs already with 3 brokers, not 1. Stop it first: npm run services -- down --only kafka",
    );
    const again = await up("kafka");
    expect(again.url).toBe(cluster.url);
    expect(pids(again)[1]).not.toBe(second?.pid);
    expect(pids(again).toSpliced(1, 1)).toEqual(pids(cluster).toSpliced(1, 1));
    expect(await topics(cluster.url)).toEqual(["kept"]);
    await down("kafka");
    expect([...cluster.processes, ...again.processes].some(isSame)).toBe(false);
  }, 180_000);

  it("has its topics and its address again after down and up", async () => {
    const { url } = await up("kafka", { brokers: 1 });
    await makeTopic(url);
    await down("kafka");
    const again = await up("kafka");
    expect(again.url).toBe(url);
    expect(await topics(url)).toEqual(["kept"]);
    expect((await up("kafka", { brokers: 1 })).started).toEqual([]);
  }, 120_000);
});

describe("PostgreSQL of the services", () => {
  it("is taken as it runs, unless something else is asked for", async () => {
    const service = await up("postgres", { durable: false });
    expect((await up("postgres")).started).toEqual([]);
    await expect(up("postgres", { durable: true })).rejects.toThrow(
      "postgres runs already without --durable. Stop it first: npm run services -- down --only postgres",
    );
    await expect(up("postgres", { system: true })).rejects.toThrow("runs already without --system-postgres.");
    await Promise.all([down("postgres"), down("postgres")]); // the second waits and finds nothing left
    expect(service.processes.some(isSame)).toBe(false);
  }, 60_000);
});

async function kill(process: RememberedProcess | undefined): Promise<void> {
  if (process) signalProcess(process.pid, "SIGKILL");
  await eventually(() => !isSame(process));
}
