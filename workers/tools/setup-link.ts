// `npm run setup-link`: a new link to set up a school, while nobody administers this installation.
import { createSetupLink } from "@/lib/identity/setup/setup-link";
import { createDb } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import { logAsToolsDo } from "@/lib/platform/runtime/log";

const { DATABASE_URL: connectionString, PUBLIC_URL, PORT } = env();
if (!connectionString) throw new Error("DATABASE_URL is not set; `npm run setup-link` sets it.");
logAsToolsDo();
const client = createDb(connectionString, 1);
try {
  const token = await createSetupLink(client);
  if (token === null) {
    console.error("There is an administrator already (or several schools): nothing is to be set up.");
    process.exitCode = 1;
  } else
    console.log(`Set up your school: ${new URL(`/setup/${token}`, PUBLIC_URL ?? `http://localhost:${PORT}`).href}`);
} finally {
  await client.$disconnect();
}
