import pg from "pg";
import { createDb } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import { seedDemo } from "./seed-demo";

// Run by `npm start` when CAMPUS_DEMO is 1: loads the demo school into an empty database, else only keeps it alive.
const url = env().DATABASE_URL;
if (!url) throw new Error("DATABASE_URL is not set: `npm start` sets it for the embedded database.");
const client = createDb(url, 2);
// Two starts on one database: the second waits and finds the school there. A session's lock, because the seed has several
// transactions; it goes with the connection.
const SEED_LOCK = 7_262_001;
const lock = new pg.Client({ connectionString: url });
lock.on("error", () => {}); // the seed itself fails then
await lock.connect();
try {
  await lock.query("SELECT pg_advisory_lock($1)", [SEED_LOCK]);
  const started = performance.now();
  const outcome = await seedDemo(client, new Date());
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  process.stdout.write(`demo school: ${outcome} (${seconds} s)\n`);
} finally {
  await client.$disconnect();
  await lock.end();
}
