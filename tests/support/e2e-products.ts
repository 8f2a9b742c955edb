// Each worker of the browser tests has a product and a demo school of its own, so that specs run beside each other and
// still find their school as they left it. The setup starts the products and tells where they are by the environment.
import { z } from "zod";

const schema = z.object({
  /** One address for each web process. */
  urls: z.array(z.string()).min(1),
  databaseUrl: z.string(),
  dataDir: z.string(),
});

/** A product that runs for one worker of the browser tests. */
export type E2eProduct = z.infer<typeof schema>;

const VARIABLE = "CAMPUS_E2E_PRODUCTS";
const WEB_PROCESSES = 2;

/** How many products there are: how many workers can run (`CAMPUS_E2E_WORKERS`, 1). */
export const e2eWorkers = (): number => Math.max(1, Number(process.env["CAMPUS_E2E_WORKERS"] ?? 1));

/** How many ports {@link portsOfProduct} shares out. */
export const e2ePortCount = (): number => e2eWorkers() * WEB_PROCESSES;

/** The ports of the product of a worker; `all` as the configuration chose them once. */
export const portsOfProduct = (all: readonly number[], worker = ownIndex()): number[] =>
  all.slice(worker * WEB_PROCESSES, (worker + 1) * WEB_PROCESSES);

/** Tells every worker that starts from here on where the products are. */
export function publishProducts(products: readonly E2eProduct[]): void {
  process.env[VARIABLE] = JSON.stringify(products);
}

/** The product of the worker that asks. */
export function ownProduct(): E2eProduct {
  const products = z.array(schema).parse(JSON.parse(process.env[VARIABLE] ?? "[]"));
  const product = products[ownIndex()];
  if (!product) throw new Error(`No product for worker ${ownIndex()}: set CAMPUS_E2E_WORKERS instead of --workers.`);
  return product;
}

/** Stays the same when a worker is started anew after a failure, and is below the number of workers. */
function ownIndex(): number {
  return Number(process.env["TEST_PARALLEL_INDEX"] ?? 0);
}
