import { createDb } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { seedDemo } from "./seed-demo";

// Run by `npm start` when CAMPUS_DEMO is 1: loads the demo school into an empty database, else only keeps it alive.
const url = env().DATABASE_URL;
if (!url) throw new Error("DATABASE_URL is not set: `npm start` sets it for the embedded database.");
const client = createDb(url, 2);
try {
  const started = performance.now();
  const outcome = await seedDemo(client, new Date());
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  process.stdout.write(`demo school: ${outcome} (${seconds} s)\n`);
} finally {
  await client.$disconnect();
}
