// `npm run bench:idle [-- --seconds N]`: what the built product costs while nobody is there: processor time a second and
// resident memory of each process, and transactions a second, on the demo school. Prints figures; asserts nothing.
import { parseArgs } from "node:util";
import pg from "pg";
import { createDb } from "@/lib/platform/db/client";
import { seedDemo } from "@/prisma/seed/seed-demo";
import { sleep } from "@/scripts/lib/processes.mjs";
import { startProduct } from "@/tests/support/product";
import { at } from "@/tests/support/school";
import { benchDatabase, benchEnvironment, benchmark, positive } from "./driver/loaded-product";
import { tell } from "./driver/figures";
import { machine } from "./driver/machine";
import { familyMemoryOf, familyProcessorMsOf, memoryOf, processorMsOf } from "./driver/process-figures";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" } } });
const seconds = positive("seconds", values.seconds);
/** After the start: what is compiled, cached and looked after once is no part of being idle. */
const SETTLE_MS = 20_000;
/** A server tells what its connections did within this time. */
const STATISTICS_MS = 1_500;

await benchmark(async (bench) => {
  const { undo } = bench;
  const { databaseUrl, postmaster } = await benchDatabase(bench);
  const client = createDb(databaseUrl, 2);
  await seedDemo(client, new Date());
  await client.$disconnect();
  const product = await startProduct({ env: benchEnvironment(bench, databaseUrl) });
  undo.push(() => product.stop());
  const [web, worker] = [at(product.web, 0).pid, at(product.workers, 0).pid];
  const parts = {
    web: { processorMs: () => processorMsOf(web), memory: () => memoryOf(web) },
    worker: { processorMs: () => processorMsOf(worker), memory: () => memoryOf(worker) },
    database: { processorMs: () => familyProcessorMsOf(postmaster), memory: () => familyMemoryOf(postmaster) },
  };
  const transactions = async () => {
    const statistics = new pg.Client({ connectionString: databaseUrl });
    await statistics.connect();
    await sleep(STATISTICS_MS);
    const { rows } = await statistics.query<{ count: string }>(
      "SELECT xact_commit AS count FROM pg_stat_database WHERE datname = current_database()",
    );
    await statistics.end();
    return Number(rows[0]?.count);
  };
  const answer = await fetch(`${at(product.baseUrls, 0)}/login`);
  await answer.text();
  await sleep(SETTLE_MS);
  const before = Object.values(parts).map(({ processorMs }) => processorMs());
  const transactionsBefore = await transactions();
  const startedAt = performance.now();
  await sleep(seconds * 1_000);
  const transactionsAfter = await transactions();
  const took = (performance.now() - startedAt) / 1_000;
  process.stdout.write(`${machine()}, ${Math.round(took)} s\n\n`);
  print("process", "processor ms a second", "memory MB");
  let [all, memory] = [0, 0];
  for (const [n, [name, part]] of Object.entries(parts).entries()) {
    const ms = (part.processorMs() - (before[n] ?? 0)) / took;
    const megabytes = part.memory() / 2 ** 20;
    all += ms;
    memory += megabytes;
    print(name, ms.toFixed(2), megabytes.toFixed(0));
  }
  print("all", all.toFixed(2), memory.toFixed(0));
  const perSecond = ((transactionsAfter - transactionsBefore) / took).toFixed(1);
  process.stdout.write(`\ntransactions a second ${perSecond}\n`);
  tell([
    {
      what: "nobody is there, all processes",
      figure: `${all.toFixed(1)} ms of processor time and ${perSecond} transactions a second`,
      ratio: `${(all / 10).toFixed(1)} % of a core`,
    },
  ]);
});

function print(name: string, ...figures: string[]): void {
  process.stdout.write(`${name.padEnd(12)}${figures.map((figure) => figure.padStart(24)).join("")}\n`);
}
