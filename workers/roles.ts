import { runMailDispatcher } from "@/lib/notification/channels/email/dispatcher";
import { canMail } from "@/lib/notification/channels/email/mail-mode";
import { runPushDispatcher } from "@/lib/notification/channels/web-push/dispatcher";
import type { Db } from "@/lib/platform/db/client";
import type { Env } from "@/lib/platform/runtime/env";
import type { AnyConsumer } from "@/lib/platform/events/delivery/consumer";
import { kafkaClient } from "@/lib/platform/events/kafka/client";
import { runKafkaSource } from "@/lib/platform/events/kafka/source";
import type { LockSession } from "@/lib/platform/events/lock-session";
import { runLogSource } from "@/lib/platform/events/log/source";
import { activeReaders } from "@/lib/platform/events/log/readers";
import { runRelay } from "@/lib/platform/events/kafka/relay";
import type { Role } from "@/lib/platform/runtime/lifecycle";
import { runAbsenceAlerts } from "./jobs/absence-alerts";
import { runDemo } from "./jobs/demo";
import { runJobsRole } from "./jobs/jobs";

/** What a worker process can do; `consumers` is one role for each consumer of the registry. */
export const ROLE_NAMES = [
  "relay",
  "consumers",
  "absence-alerts",
  "push-dispatcher",
  "mail-dispatcher",
  "jobs",
  "demo",
] as const;
export type RoleName = (typeof ROLE_NAMES)[number];

export type RoleParts = {
  config: Pick<Env, "KAFKA_BROKERS" | "KAFKA_TOPIC_PARTITIONS" | "CAMPUS_DEMO" | "SMTP_URL" | "DATABASE_URL">;
  client: Db;
  session: LockSession;
  consumers: readonly AnyConsumer[];
};

/** The roles that this configuration needs when none are named: no relay without Kafka, no mail where none can be
 * sent, no demo without the demo school. */
export function defaultRoles(config: RoleParts["config"]): RoleName[] {
  const { KAFKA_BROKERS, CAMPUS_DEMO } = config;
  const needed: Record<RoleName, boolean> = {
    relay: Boolean(KAFKA_BROKERS?.length),
    consumers: true,
    "absence-alerts": true,
    "push-dispatcher": true,
    "mail-dispatcher": canMail(config),
    jobs: true,
    demo: Boolean(CAMPUS_DEMO),
  };
  return ROLE_NAMES.filter((name) => needed[name]);
}

/** Makes the roles. With Kafka the consumers read its topics, without it the outbox log; the handlers are the same. */
export function makeRoles(names: readonly RoleName[], parts: RoleParts): Role[] {
  return [...new Set(names)].flatMap((name) => rolesOf(name, parts));
}

function rolesOf(name: RoleName, { config, client, session, consumers }: RoleParts): Role[] {
  const brokers = config.KAFKA_BROKERS ?? [];
  const partitions = config.KAFKA_TOPIC_PARTITIONS;
  switch (name) {
    case "relay":
      if (brokers.length === 0) throw new Error("The role `relay` needs KAFKA_BROKERS.");
      return [
        { name, run: (context) => runRelay({ kafka: kafkaClient(brokers), partitions, client, session, ...context }) },
      ];
    case "consumers":
      return consumers.map((consumer) => ({
        name: `consumer:${consumer.name}`,
        run: (context) =>
          brokers.length > 0
            ? runKafkaSource({ consumer, kafka: kafkaClient(brokers), partitions, client, session, ...context })
            : runLogSource({ consumer, client, session, ...context }),
      }));
    case "absence-alerts":
      return [{ name, run: (context) => runAbsenceAlerts(client, context) }];
    case "push-dispatcher":
      return [{ name, run: (context) => runPushDispatcher(session, context) }];
    case "mail-dispatcher":
      return [{ name, run: (context) => runMailDispatcher(session, context) }];
    case "jobs": {
      const connectionString = config.DATABASE_URL;
      if (!connectionString) throw new Error("The role `jobs` needs DATABASE_URL.");
      const readers = activeReaders(
        brokers.length > 0,
        consumers.map((consumer) => consumer.name),
      );
      return [{ name, run: (context) => runJobsRole({ client, session, connectionString, readers }, context) }];
    }
    case "demo":
      return [{ name, run: (context) => runDemo(client, context) }];
  }
}
