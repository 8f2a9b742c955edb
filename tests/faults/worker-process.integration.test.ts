import os from "node:os";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { freePorts } from "@/scripts/lib/ports.mjs";
import { testDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { withServer } from "@/tests/support/template-database";
import { makeEffectTables, writeEvent } from "./support/effects";
import { startProcess, type SourceProcess } from "./support/source-processes";

type Health = { state: string; roles: { name: string; isLive: boolean; progressAgeMs: number }[] };

describe("the worker process", () => {
  let database: TestDatabase;
  let worker: SourceProcess | undefined;
  let address = "";

  const start = async (roles: string[] = [], env: Record<string, string> = {}) => {
    const [port] = await freePorts(1);
    address = `http://127.0.0.1:${String(port)}`;
    worker = startProcess("workers/main.ts", roles, {
      DATABASE_URL: database.url,
      WORKER_HEALTH_PORT: String(port),
      METRICS_TOKEN: "metrics-of-this-test",
      ...env,
    });
    await eventually(async () => (await fetch(`${address}/ready`)).ok, { timeoutMs: 30_000, what: "the worker" });
    return worker;
  };
  const handled = async () =>
    (
      await database.pool.query<{ outcome: string }>(
        "SELECT outcome FROM consumer_inbox WHERE consumer = 'notification'",
      )
    ).rows;

  beforeAll(async () => {
    database = await testDatabase();
    await makeEffectTables(database.pool);
    database.pool.on("error", () => undefined); // its idle connections are thrown out as well
  });
  afterEach(() => worker?.kill());
  afterAll(() => worker?.kill());

  it("runs the roles its configuration needs, says so, handles events, and ends cleanly with 0 on SIGTERM", async () => {
    const running = await start();
    const health = (await (await fetch(`${address}/live`)).json()) as Health;
    // On the loopback alone: an address of this machine that others see answers nothing.
    const others = Object.values(os.networkInterfaces()).flatMap((each) => each ?? []);
    for (const { address: outside } of others.filter((each) => !each.internal && each.family === "IPv4"))
      await expect(fetch(address.replace("127.0.0.1", outside))).rejects.toThrow();
    expect(health.roles.map(({ name }) => name)).toEqual([
      "consumer:notification",
      "absence-alerts",
      "push-dispatcher",
      "jobs",
    ]);
    await writeEvent(database.prisma, "key"); // of a student that nobody knows: set aside
    await eventually(async () => (await handled()).length === 1);
    expect(await handled()).toEqual([{ outcome: "dead" }]);
    for (const headers of [{}, { authorization: "Bearer wrong" }])
      expect((await fetch(`${address}/metrics`, { headers })).status).toBe(401);
    const metrics = await fetch(`${address}/metrics`, { headers: { authorization: "Bearer metrics-of-this-test" } });
    expect(await metrics.text()).toContain('campus_consumer_events_total{consumer="notification",outcome="dead"} 1');
    expect(await running.stop()).toBe(0);
    expect(running.log()).toContain('"msg":"stopped"');
  }, 60_000);

  it("waits out a database that is away, says so once, and goes on by itself", async () => {
    const running = await start(["consumers", "jobs"]);
    await database.pool.query("TRUNCATE consumer_inbox");
    await allowConnections(false);
    await eventually(() => ["(reader locks)", "(jobs)"].every((what) => running.log().includes(what)));
    // Waiting is work: no role passes for one that stands still, which would end the whole process.
    const awaySinceMs = performance.now();
    await eventually(async () => {
      const { roles } = (await (await fetch(`${address}/live`)).json()) as Health;
      return roles.every(({ progressAgeMs }) => progressAgeMs < performance.now() - awaySinceMs);
    });
    await allowConnections(true);
    await eventually(() => writeEvent(database.prisma, "key").then(() => true));
    await eventually(async () => (await handled()).length > 0, { timeoutMs: 15_000 });
    const said = running.log().match(/does not answer/g) ?? [];
    expect(said.length).toBeLessThanOrEqual(4); // the reader's, its locks', the queue's and the jobs', once each
    expect(await running.stop()).toBe(0);
  }, 60_000);

  it("starts without Kafka, says so once a role, and still ends cleanly", async () => {
    const [nobody] = await freePorts(1);
    const running = await start(["relay", "consumers"], { KAFKA_BROKERS: `127.0.0.1:${String(nobody)}` });
    await eventually(() => running.log().match(/does not answer/g)?.length === 2, { timeoutMs: 30_000 });
    expect(await running.stop()).toBe(0);
    expect(running.log().match(/does not answer/g)).toHaveLength(2);
  }, 60_000);

  it("refuses a role that does not exist, in one sentence", async () => {
    worker = startProcess("workers/main.ts", ["typo"], { DATABASE_URL: database.url });
    await eventually(() => worker?.child.exitCode === 1, { timeoutMs: 15_000 });
    expect(worker.log()).toBe(
      "No such role: typo. Roles: relay, consumers, absence-alerts, push-dispatcher, mail-dispatcher, jobs, demo.\n",
    );
  });

  /** As an outage: nobody can connect, and those who were connected are thrown out. */
  async function allowConnections(isAllowed: boolean): Promise<void> {
    await withServer(inject("services").databaseUrl, async (client) => {
      await client.query(`ALTER DATABASE ${database.name} ALLOW_CONNECTIONS ${String(isAllowed)}`);
      if (!isAllowed)
        await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [
          database.name,
        ]);
    });
  }
});
