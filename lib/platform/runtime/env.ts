import net from "node:net";
import path from "node:path";
import { z } from "zod";
import { singleton } from "./singleton";
import { readSso, type SsoProvider } from "./sso-env";

const flag = z.enum(["0", "1"]).transform((value) => value === "1");
const list = z.string().transform((text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== ""),
);
const blankIsUnset = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema);

/** `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`. */
function isAddressOrSubnet(text: string): boolean {
  const [address = "", bits = "0", ...rest] = text.split("/");
  const family = net.isIP(address);
  return family !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32);
}

const schema = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).catch("production"),
  PORT: blankIsUnset(z.coerce.number().int().min(1).max(65535).default(3000)),
  CAMPUS_DEMO: blankIsUnset(flag.optional()),
  CAMPUS_ALERT_GRACE_SECONDS: blankIsUnset(z.coerce.number().int().min(0).max(3600).optional()),
  CAMPUS_AUDIT_YEARS: blankIsUnset(z.coerce.number().int().min(1).max(100).default(7)),
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
  CAMPUS_HOST: blankIsUnset(z.string().optional()),
  WORKER_HEALTH_HOST: blankIsUnset(z.string().default("127.0.0.1")),
  WORKER_HEALTH_PORT: blankIsUnset(z.coerce.number().int().min(1).max(65535).optional()),
  TRUSTED_PROXIES: blankIsUnset(
    list.default([]).refine((all) => all.every(isAddressOrSubnet), "must be IP addresses or subnets like 10.0.0.0/8"),
  ),
  PUBLIC_URL: blankIsUnset(z.url().optional()),
  SMTP_URL: blankIsUnset(
    z
      .string()
      .regex(/^smtps?:\/\/\S+$/, "must start with smtp:// or smtps://")
      .optional(),
  ),
  MAIL_FROM: blankIsUnset(
    z
      .string()
      .regex(/^([^<>"\r\n]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/, "must be a@b or Name <a@b>")
      .optional(),
  ),
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

export type Env = z.infer<typeof schema> & { SSO_PROVIDERS: SsoProvider[] };

/**
 * The configuration, read once. This is the only reader of `process.env`. A wrong value stops the process with one
 * sentence for each variable (its name and the rule, never its value, which may be a secret).
 */
export function env(): Env {
  return singleton("env", () => {
    const parsed = schema.safeParse(process.env);
    const sso = readSso(process.env);
    if (parsed.success && sso.problems.length === 0) return { ...parsed.data, SSO_PROVIDERS: sso.providers };
    const issues = parsed.error?.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`) ?? [];
    const lines = [...issues, ...sso.problems].map((line) => `  ${line}`);
    throw new Error(`The configuration is not valid:\n${lines.join("\n")}\nSee .env.example.`);
  });
}
