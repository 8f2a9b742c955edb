// `npm run services -- up|down|status [--brokers 1|3] [--only postgres,redis,kafka] [--durable] [--system-postgres]`
import "./lib/node-version.mjs";
import path from "node:path";
import { parseArgs } from "node:util";
import { ensureInstalled } from "./lib/prepare.mjs";
import {
  isServiceUp,
  readState,
  SERVICE_NAMES,
  serviceEnvironment,
  servicesDown,
  servicesFolder,
  servicesUp,
} from "./lib/services.mjs";

const USAGE =
  "usage: npm run services -- up|down|status [--brokers 1|3] [--only postgres,redis,kafka] [--durable] [--system-postgres]";

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
  const names = values.only.split(",");
  const brokers = values.brokers === undefined ? undefined : Number(values.brokers);
  const unknown = names.filter((name) => !SERVICE_NAMES.includes(name));
  if (unknown.length || ![undefined, 1, 3].includes(brokers) || positionals.length !== 1) throw new Error(USAGE);

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
      const up = await isServiceUp(state[name]);
      if (!up) process.exitCode = 1;
      const pids = up ? ` (${state[name].processes.map(({ pid }) => pid).join(", ")}) ${state[name].url}` : "";
      console.log(`${name}: ${up ? "up" : "down"}${pids}`);
    }
  } else throw new Error(USAGE);
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
