// `npm run services -- up|down|status [--brokers 1|3] [--only postgres,redis,kafka] [--durable] [--system-postgres]`
import "./lib/node-version.mjs";
import path from "node:path";
import { parseArgs } from "node:util";
import { messageOf } from "./lib/errors.mjs";
import { ensureInstalled } from "./lib/product/prepare.mjs";
import {
  isServiceUp,
  readState,
  SERVICE_NAMES,
  serviceEnvironment,
  servicesDown,
  servicesFolder,
  servicesUp,
} from "./lib/services/services.mjs";

/** @import { ServiceName } from "./lib/services/services.mjs" */

const USAGE =
  "usage: npm run services -- up|down|status [--brokers 1|3] [--only postgres,redis,kafka] [--durable] [--system-postgres]";

/** @param {string} name @returns {name is ServiceName} */
function isServiceName(name) {
  return SERVICE_NAMES.some((known) => known === name);
}

async function main() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      brokers: { type: "string" },
      only: { type: "string", default: SERVICE_NAMES.join(",") },
      durable: { type: "boolean" },
      "system-postgres": { type: "boolean" },
    },
  });
  const wanted = values.only.split(",");
  const names = wanted.filter(isServiceName);
  const brokers = values.brokers === undefined ? undefined : Number(values.brokers);
  if (names.length < wanted.length || positionals.length !== 1) throw new Error(USAGE);
  if (brokers !== undefined && brokers !== 1 && brokers !== 3) throw new Error(USAGE);

  if (positionals[0] === "up") {
    await ensureInstalled({ logsDir: path.join(servicesFolder(), "logs"), say: (text) => console.error(text) });
    const { state } = await servicesUp({ names, brokers, durable: values.durable, system: values["system-postgres"] });
    const lines = serviceEnvironment(Object.fromEntries(names.map((name) => [name, state[name]])));
    for (const [name, value] of Object.entries(lines)) console.log(`${name}=${value}`);
  } else if (positionals[0] === "down") {
    await servicesDown({ names });
  } else if (positionals[0] === "status") {
    const state = readState();
    for (const name of names) {
      const service = state[name];
      const up = await isServiceUp(service);
      if (!up) process.exitCode = 1;
      const pids = up && service ? ` (${service.processes.map(({ pid }) => pid).join(", ")}) ${service.url}` : "";
      console.log(`${name}: ${up ? "up" : "down"}${pids}`);
    }
  } else throw new Error(USAGE);
}

try {
  await main();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
