// What reaches people through a real nginx while the two web processes behind it rest, restart and freeze.
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { spawn, type ChildProcess } from "node:child_process";
import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePorts, isListening } from "@/scripts/lib/ports.mjs";
import { sleep } from "@/scripts/lib/processes.mjs";
import { nodeArguments, nodeBinary } from "@/scripts/lib/runtime.mjs";
import { HTTP_LIMITS } from "@/lib/web/server/http-server";
import { eventually } from "@/tests/support/eventually";
import { startGateway, type Gateway } from "@/tests/support/gateway";

/** Time-outs a fortieth as long as in production; the ones to each other as there. */
const SHORTER = 40;
const GATEWAY_KEEPS_MS = 40_000 / SHORTER;
const dir = fs.mkdtempSync(path.join(os.tmpdir(), "campus-web-"));
const done = path.join(dir, "done");
const client = new Agent({ connections: 64, pipelining: 1 });
const web: ChildProcess[] = [];
let ports: [number, number] = [0, 0];
let gateway: Gateway;

async function start(index: 0 | 1): Promise<void> {
  const keepAliveMs = String(HTTP_LIMITS.keepAliveMs / SHORTER);
  const script = path.resolve("tests/faults/support/answering-process.ts");
  const child = spawn(nodeBinary(), [...nodeArguments(script), String(ports[index]), done, keepAliveMs], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  web[index] = child;
  await eventually(() => isListening(ports[index]), { timeoutMs: 60_000, what: "a web process to listen" });
}

async function end(index: 0 | 1): Promise<number | null> {
  const child = web[index];
  if (!child) throw new Error("not started");
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const [code] = (await exited) as [number | null];
  return code;
}

beforeAll(async () => {
  const [first = 0, second = 0, port = 0] = await freePorts(3);
  ports = [first, second];
  fs.writeFileSync(done, "");
  await Promise.all([start(0), start(1)]);
  gateway = await startGateway(port, ports, (config) =>
    config
      .replace("keepalive_timeout 40s", `keepalive_timeout ${GATEWAY_KEEPS_MS}ms`)
      .replaceAll("fail_timeout=5s", "fail_timeout=1s")
      .replace("proxy_read_timeout 12s", "proxy_read_timeout 2s"),
  );
}, 120_000);
afterAll(async () => {
  await gateway?.stop();
  for (const child of web) child.kill("SIGKILL");
  await client.close();
  fs.rmSync(dir, { recursive: true, force: true });
});

let sent = 0;
type Asked = { method: string; path: string; status: number; ms: number };

async function ask(method: "GET" | "POST" | "DELETE"): Promise<Asked> {
  const startedAt = performance.now();
  const address = `/api/thing/${++sent}`;
  const { statusCode, body } = await request(`${gateway.url}${address}`, { method, dispatcher: client });
  await body.text();
  return { method, path: address, status: statusCode, ms: performance.now() - startedAt };
}

const together = (count: number, method: "GET" | "POST"): Promise<Asked[]> =>
  Promise.all(Array.from({ length: count }, () => ask(method)));

/** nginx leaves a process alone for a while after it was away; waits until it sends requests there again. */
async function trusted(index: 0 | 1): Promise<void> {
  const pid = String(web[index]?.pid);
  await eventually(async () => (await (await fetch(`${gateway.url}/api/health/who`)).text()) === pid, {
    timeoutMs: 30_000,
    what: "the gateway to come back to the process",
  });
}

const timesDone = (method: string, address: string): number =>
  fs
    .readFileSync(done, "utf8")
    .split("\n")
    .filter((line) => line === `${method} ${address}`).length;

describe("through the gateway", () => {
  it("no POST is lost in bursts with pauses about as long as connections are kept", async () => {
    const lost: Asked[] = [];
    for (const pauseMs of [0.9, 0.98, 1, 1.02, 1.1, 1.2, 1.24, 1.25, 1.26, 1.3].map(
      (times) => times * GATEWAY_KEEPS_MS,
    )) {
      const asked = await together(40, "POST");
      lost.push(...asked.filter(({ status }) => status !== 200));
      await sleep(pauseMs);
    }
    expect(lost).toEqual([]);
  }, 60_000);

  it("restarting one process after the other loses nothing and does nothing twice", async () => {
    const asked: Asked[] = [];
    let isOver = false;
    const people = Array.from({ length: 16 }, async (_, index) => {
      while (!isOver) {
        asked.push(await ask(index % 2 === 0 ? "POST" : "GET"));
        await sleep(5);
      }
    });
    const more = (count: number) => {
      const goal = asked.length + count;
      return eventually(() => asked.length >= goal, { what: `${count} more answers` });
    };
    await more(50);
    for (const index of [0, 1] as const) {
      expect(await end(index)).toBe(0);
      await more(50); // all by the other
      await start(index);
      await trusted(index); // until then the other must not go
    }
    isOver = true;
    await Promise.all(people);
    expect(asked.filter(({ status }) => status !== 200)).toEqual([]);
    expect(asked.length).toBeGreaterThan(200);
    for (const { method, path: address } of asked) if (method === "POST") expect(timesDone(method, address)).toBe(1);
  }, 180_000);

  it("a frozen process is left for the other by what only reads; nothing that was sent to it is sent again", async () => {
    await trusted(0);
    const frozen = web[0];
    frozen?.kill("SIGSTOP");
    try {
      const reads = await together(12, "GET");
      expect(reads.filter(({ status }) => status !== 200)).toEqual([]);
      expect(Math.max(...reads.map(({ ms }) => ms))).toBeLessThan(2 * 2_000 + 1_500);
    } finally {
      frozen?.kill("SIGCONT");
    }
    // Whether the gateway still spares the process is its own affair: frozen again until something was sent to it.
    const writes: Asked[] = [];
    for (let round = 0; round < 6 && !writes.some(({ status }) => status === 503); round += 1) {
      await trusted(0);
      frozen?.kill("SIGSTOP");
      try {
        writes.push(...(await together(12, "POST")), ...(await Promise.all([ask("DELETE"), ask("DELETE")])));
      } finally {
        frozen?.kill("SIGCONT");
      }
    }
    expect(writes.some(({ status }) => status === 503)).toBe(true);
    expect(writes.every(({ status }) => status === 200 || status === 503)).toBe(true);
    // It goes on, and has done what was sent to it once it answers what was sent later.
    await (await fetch(`http://127.0.0.1:${ports[0]}/api/health/who`)).text();
    for (const { method, path: address, status } of writes) {
      if (status === 200) expect(timesDone(method, address)).toBe(1);
      else expect(timesDone(method, address)).toBeLessThanOrEqual(1);
    }
  }, 120_000);
});
