// `npm run bench -- [--data FOLDER] [--connections N] [--processes N]`: registration day over HTTP, with a recount.
import path from "node:path";
import { parseArgs } from "node:util";
import { generateSchool } from "./generate-school";
import { benchmark, loadProduct, PASSWORD, positive } from "./loaded-product";
import { measureNoOp, register, sectionIds, signIn } from "./registration";
import { recount } from "./recount";
import { printReport } from "./report";
import { prepareSchool } from "./school-data";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    connections: { type: "string", default: "64" },
    processes: { type: "string", default: "1" },
  },
});
const connections = positive("connections", values.connections);
const processes = positive("processes", values.processes);

await benchmark(async (bench) => {
  const source = values.data ? path.resolve(values.data) : path.join(bench.work, "generated");
  if (!values.data) await generateSchool(source);
  const school = prepareSchool(source, path.join(bench.work, "roster"), new Date());
  const { client, databaseUrl, importSeconds } = await loadProduct(bench, {
    folder: school.folder,
    processes,
    connections,
  });
  const signedIn = await signIn(client, school, PASSWORD, connections);
  const ids = await sectionIds(client, signedIn.tokens);
  const before = await measureNoOp(client, signedIn.tokens, connections, 5_000);
  const outcome = await register(client, school, ids, signedIn.tokens, connections);
  const after = await measureNoOp(client, signedIn.tokens, connections, 5_000);
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
  });
  const clean = counted.overFilled === 0 && counted.doubleBooked === 0 && counted.enrolled === outcome.accepted;
  process.exitCode = clean && outcome.failed === 0 ? 0 : 1;
});
