// `npm run bench -- [--data FOLDER] [--connections N] [--processes N]`: registration day over HTTP, with a recount.
import path from "node:path";
import { parseArgs } from "node:util";
import { generateSchool } from "./school/generate-school";
import { benchmark, loadProduct, type Part, PASSWORD, positive } from "./driver/loaded-product";
import { measureNoOp, register, sectionIds, signIn } from "./driver/registration";
import { recount } from "./driver/recount";
import { printReport } from "./report";
import { prepareSchool } from "./school/school-data";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    connections: { type: "string", default: "64" },
    processes: { type: "string", default: "1" },
  },
});
const connections = positive("connections", values.connections);
const processes = positive("processes", values.processes);

/** Runs phases and notes what each of them cost the processes. */
function spentIn(processorMs: () => Record<Part, number>) {
  const byPhase = new Map<string, Record<Part, number>>();
  const run = async <T>(phase: string, work: () => Promise<T>): Promise<T> => {
    const before = processorMs();
    const result = await work();
    const after = processorMs();
    byPhase.set(phase, {
      web: after.web - before.web,
      worker: after.worker - before.worker,
      database: after.database - before.database,
      driver: after.driver - before.driver,
    });
    return result;
  };
  return Object.assign(run, { byPhase });
}

await benchmark(async (bench) => {
  const source = values.data ? path.resolve(values.data) : path.join(bench.work, "generated");
  if (!values.data) await generateSchool(source);
  const school = prepareSchool(source, path.join(bench.work, "roster"), new Date());
  const { client, databaseUrl, importSeconds, processorMs } = await loadProduct(bench, {
    folder: school.folder,
    processes,
    connections,
  });
  const spent = spentIn(processorMs);
  const signedIn = await spent("sign-in", () => signIn(client, school, PASSWORD, connections));
  const ids = await sectionIds(client, signedIn.tokens);
  const noOp = () => measureNoOp(client, signedIn.tokens, connections, 5_000);
  const before = await spent("no-op, before", noOp);
  const outcome = await spent("enroll", () => register(client, school, ids, signedIn.tokens, connections));
  const after = await spent("no-op, after", noOp);
  const counted = await recount(databaseUrl);
  printReport({
    source: values.data ?? "generated",
    school,
    connections,
    processes,
    importSeconds,
    signIn: signedIn.phase,
    noOp: [before, after],
    outcome,
    counted,
    processorMs: spent.byPhase,
  });
  const clean = counted.overFilled === 0 && counted.doubleBooked === 0 && counted.enrolled === outcome.accepted;
  process.exitCode = clean && outcome.failed === 0 ? 0 : 1;
});
