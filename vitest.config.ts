import path from "node:path";
import { defineConfig } from "vitest/config";

const never = ["**/node_modules/**", ".next/**", ".campus/**", ".services/**", "tests/e2e/**"];

const EVENTS = "tests/faults/events-*.integration.test.ts";

/** Tests on real PostgreSQL, Redis and Kafka. */
const onServices = {
  globalSetup: ["tests/support/global-setup.ts"],
  setupFiles: ["tests/support/console.ts", "tests/support/integration-setup.ts"],
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  resolve: { alias: { "@": path.resolve(import.meta.dirname) } },
  test: {
    pool: "forks",
    restoreMocks: true,
    unstubEnvs: true,
    maxWorkers: 2,
    env: {
      NODE_ENV: "test",
      LOG_LEVEL: "silent",
      KAFKAJS_NO_PARTITIONER_WARNING: "1",
      // A save that finishes publishes at once; tests of the grace set their own.
      CAMPUS_ALERT_GRACE_SECONDS: "0",
    },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.{ts,tsx,mjs}"],
          exclude: [...never, "**/*.integration.test.{ts,mjs}"],
          setupFiles: ["tests/support/console.ts"],
        },
      },
      {
        extends: true,
        test: {
          ...onServices,
          name: "integration",
          include: ["**/*.integration.test.{ts,mjs}"],
          exclude: [...never, "tests/faults/**"],
        },
      },
      {
        // These kill and flood: one file at a time, after everything else, so that what they measure is their own doing.
        extends: true,
        test: {
          ...onServices,
          name: "faults",
          include: ["tests/faults/**/*.integration.test.{ts,mjs}"],
          exclude: [...never, EVENTS],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // The same of the event log and Kafka: they mostly wait, for brokers and for groups. `npm test` runs them beside others.
        extends: true,
        test: {
          ...onServices,
          name: "events",
          include: [EVENTS],
          exclude: never,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
