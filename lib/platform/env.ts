import path from "node:path";
import { z } from "zod";
import { singleton } from "./singleton";

const flag = z.enum(["0", "1"]).transform((value) => value === "1");
const list = z.string().transform((text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== ""),
);
const blankIsUnset = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema);

const schema = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).catch("production"),
  PORT: blankIsUnset(z.coerce.number().int().min(1).max(65535).default(3000)),
  CAMPUS_DEMO: blankIsUnset(flag.optional()),
  CAMPUS_DATA_DIR: blankIsUnset(
    z
      .string()
      .default(".campus")
      .transform((dir) => path.resolve(dir)),
  ),
  DATABASE_URL: blankIsUnset(
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, "must start with postgresql://")
      .optional(),
  ),
  DATABASE_POOL_SIZE: blankIsUnset(z.coerce.number().int().min(2).max(200).default(16)),
  REDIS_URL: blankIsUnset(
    z
      .string()
      .regex(/^rediss?:\/\//, "must start with redis:// or rediss://")
      .optional(),
  ),
  KAFKA_BROKERS: blankIsUnset(list.optional()),
  KAFKA_TOPIC_PARTITIONS: blankIsUnset(z.coerce.number().int().min(1).max(1000).default(12)),
  WORKER_HEALTH_PORT: blankIsUnset(z.coerce.number().int().min(1).max(65535).optional()),
  PUBLIC_URL: blankIsUnset(z.url().optional()),
  METRICS_TOKEN: blankIsUnset(z.string().optional()),
  PUSH_ENDPOINT_ALLOWLIST: blankIsUnset(list.default([])),
  CAMPUS_SIGNING_KEY: blankIsUnset(z.string().optional()),
  NEXTAUTH_SECRET: blankIsUnset(z.string().optional()),
  VAPID_PUBLIC_KEY: blankIsUnset(z.string().optional()),
  VAPID_PRIVATE_KEY: blankIsUnset(z.string().optional()),
  VAPID_SUBJECT: blankIsUnset(
    z
      .string()
      .regex(/^(mailto:[^<>\s]+@[^<>\s]+|https:\/\/\S+)$/, "must be mailto:a@b or an https address")
      .optional(),
  ),
  LOG_LEVEL: blankIsUnset(z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info")),
});

export type Env = z.infer<typeof schema>;

/**
 * The configuration, read once. This is the only reader of `process.env`. A wrong value stops the process with one
 * sentence for each variable (its name and the rule, never its value, which may be a secret).
 */
export function env(): Env {
  return singleton("env", () => {
    const parsed = schema.safeParse(process.env);
    if (parsed.success) return parsed.data;
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`The configuration is not valid:\n${lines.join("\n")}\nSee .env.example.`);
  });
}
