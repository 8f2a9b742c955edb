// Set-up file of every integration test file, run before the file itself is loaded: a database, a Redis database and a
// data folder of its own. Afterwards nothing may be left: connections, sockets, servers and child processes fail the file.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, inject } from "vitest";
import { cache } from "@/lib/platform/cache/cache";
import { db } from "@/lib/platform/db/client";
import { counters } from "@/lib/platform/limits/counters";
import { testDatabase } from "./database";
import { eventually } from "./eventually";
import { claimRedisDatabase } from "./redis";

const LEAKS = ["TCPSocketWrap", "TCPServerWrap", "ProcessWrap"];
const held = () => process.getActiveResourcesInfo().filter((resource) => LEAKS.includes(resource));

const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "campus-test-"));
const database = await testDatabase();
const redisUrl = await claimRedisDatabase(inject("services").redisUrl);
Object.assign(process.env, {
  DATABASE_URL: database.url,
  DATABASE_POOL_SIZE: process.env["DATABASE_POOL_SIZE"] ?? "10",
  REDIS_URL: redisUrl,
  CAMPUS_DATA_DIR: dataDir,
});
const before = held().length;

// Hooks run last-in first-out: this one comes after every hook of the test file.
afterAll(async () => {
  await cache().close();
  await counters().close();
  await db().$disconnect();
  await database.drop();
  await eventually(() => held().length <= before, { timeoutMs: 3_000 }).catch(() => {
    throw new Error(`left open by this file: ${held().join(", ")} (${before} before it)`);
  });
  fs.rmSync(dataDir, { recursive: true, force: true });
});
