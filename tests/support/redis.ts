import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Redis } from "ioredis";
import { isSame, signalProcess, stopProcess, waitUntil } from "@/scripts/lib/processes.mjs";
import { startRedis } from "@/scripts/lib/services/redis.mjs";

const COUNTER = "campus:test:next-database";
const DATABASES = 1_024;

/**
 * A numbered database of the shared server for this test file, emptied: `redis://host:port/N`. Database 0 only counts.
 * Channels of pub/sub are not separated by databases; a test that listens to all of them should filter by its own ids.
 */
export async function claimRedisDatabase(serverUrl: string): Promise<string> {
  const redis = new Redis(serverUrl, { maxRetriesPerRequest: 3 });
  try {
    const next = await redis.incr(COUNTER);
    const index = 1 + (next % (DATABASES - 1));
    await redis.select(index);
    await redis.flushdb();
    return `${serverUrl}/${index}`;
  } finally {
    redis.disconnect();
  }
}

/** A redis-server that belongs to one test file and may be hurt. */
export interface OwnRedis {
  url: string;
  /** Kills it with SIGKILL, as a crash does. */
  kill(): void;
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a redis-server for this file alone; `stop()` it in `afterAll`. */
export async function ownRedis(): Promise<OwnRedis> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "campus-redis-"));
  let server = await startRedis({ dir, diesWithParent: true });
  return {
    url: server.url,
    kill: () => void signalProcess(server.pid, "SIGKILL"),
    async restart() {
      await waitUntil(() => !isSame(server), 5_000);
      const again = await startRedis({ dir, port: server.port, diesWithParent: true });
      if (again.port !== server.port) throw new Error(`port ${server.port} was taken meanwhile`);
      server = again;
    },
    async stop() {
      await stopProcess(server);
      fs.rmSync(dir, { recursive: true, force: true });
    },
  };
}
