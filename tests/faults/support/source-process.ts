// Entry of a process that only moves events: `source-process.ts NAME relay|log|kafka [PAUSE_MS]`. Started and killed by tests.
import { createDb } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import { kafkaClient } from "@/lib/platform/events/kafka/client";
import { runKafkaSource } from "@/lib/platform/events/kafka/source";
import { LockSession } from "@/lib/platform/events/lock-session";
import { runLogSource } from "@/lib/platform/events/log/source";
import { runRelay } from "@/lib/platform/events/kafka/relay";
import { runRoles, type RoleContext } from "@/lib/platform/runtime/lifecycle";
import { effectConsumer } from "./effects";

const [name = "effects", source = "log", pauseMs = "0"] = process.argv.slice(2);
const config = env();
const url = config.DATABASE_URL ?? "";
const client = createDb(url, 8);
const session = new LockSession(url);
const kafka = kafkaClient(config.KAFKA_BROKERS ?? []);
const partitions = config.KAFKA_TOPIC_PARTITIONS;
const consumer = effectConsumer(name, { backoffMs: 20, maxBackoffMs: 200, maxAgeMs: 30_000 }, Number(pauseMs));

const run = (context: RoleContext): Promise<void> => {
  if (source === "relay") return runRelay({ kafka, partitions, client, session, ...context });
  if (source === "kafka") return runKafkaSource({ consumer, kafka, partitions, client, session, ...context });
  return runLogSource({ consumer, client, session, ...context });
};

const lifecycle = runRoles({
  roles: [{ name: source, run }],
  drainMs: 8_000,
  livenessMs: 60_000,
  async close() {
    await session.close();
    await client.$disconnect();
  },
});
process.exit(await lifecycle.ended);
