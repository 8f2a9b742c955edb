// Runs once before the integration tests: real PostgreSQL and Redis for all of them. Those that run already (`npm run
// services -- up`) are used and left alone; those that this run starts are stopped at its end, by their own pids. Kafka
// is only made ready: its topics and groups have fixed names, so a file that needs it starts a cluster (`ownKafka`).
import type { TestProject } from "vitest/node";
import { kafkaJars } from "@/scripts/lib/services/kafka.mjs";
import { ensurePrograms } from "@/scripts/lib/services/packages.mjs";
import { serviceEnvironment, servicesDown, servicesUp } from "@/scripts/lib/services/services.mjs";
import { dropOldCopies, ensureTemplate } from "./template-database";

/** Addresses that the test processes get from the run. */
export interface RunServices {
  databaseUrl: string;
  redisUrl: string;
  template: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    services: RunServices;
  }
}

/** Starts what is missing; the answer stops exactly that. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  ensurePrograms(["java", "maven"]);
  kafkaJars();
  const { state, started } = await servicesUp({ names: ["postgres", "redis"] });
  const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = serviceEnvironment(state);
  if (!databaseUrl || !redisUrl) throw new Error("The test services did not start.");
  const template = await ensureTemplate(databaseUrl);
  await dropOldCopies(databaseUrl);
  project.provide("services", { databaseUrl, redisUrl, template });
  return () => servicesDown({ names: started });
}
