// `npm run bench -- [--data FOLDER] [--connections N] [--processes N]`: registration day over HTTP, with a recount.
// `npm run bench -- all [--data FOLDER] [--minutes N] [--only PART]`: every benchmark one after the other, and one table.
import path from "node:path";
import { parseArgs } from "node:util";
import { runAll } from "./all";
import { deliveries, described } from "./driver/deliveries";
import { type Figure, phaseFigure, tell } from "./driver/figures";
import { generateSchool } from "./school/generate-school";
import { benchmark, loadProduct, type Part, PASSWORD, positive } from "./driver/loaded-product";
import { measureNoOp, register, sectionIds, signIn } from "./driver/registration";
import { recount } from "./driver/recount";
import { printReport, productMs, type Report } from "./report";
import { prepareSchool } from "./school/school-data";

if (process.argv[2] === "all") {
  await runAll(process.argv.slice(3));
  process.exit();
}

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
  const report: Report = {
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
  };
  printReport(report);
  tell([...figuresOf(report), ...(await deliveryFigures(databaseUrl))]);
  const clean = counted.overFilled === 0 && counted.doubleBooked === 0 && counted.enrolled === outcome.accepted;
  process.exitCode = clean && outcome.failed === 0 ? 0 : 1;
});

function figuresOf(report: Report): Figure[] {
  const { signIn: signedIn, noOp, outcome, counted } = report;
  const bare = (noOp[0].perSecond + noOp[1].perSecond) / 2;
  const noOpMs =
    (productMs(report, "no-op, before", noOp[0].count) + productMs(report, "no-op, after", noOp[1].count)) / 2;
  const enrollMs = productMs(report, "enroll", outcome.phase.count);
  return [
    phaseFigure("no-op route, 64 at once, before", noOp[0], bare),
    phaseFigure("no-op route, 64 at once, after", noOp[1], bare),
    phaseFigure("sign-in (argon2id)", signedIn, bare),
    phaseFigure("enroll replay", outcome.phase, bare),
    {
      what: "processor time of a no-op, all processes",
      figure: `${noOpMs.toFixed(2)} ms`,
      ratio: "1 × no-op",
    },
    {
      what: "processor time of an enroll with what follows, all processes",
      figure: `${enrollMs.toFixed(2)} ms`,
      ratio: `${(enrollMs / noOpMs).toFixed(1)} × no-op`,
    },
    {
      what: "recount of the replay",
      figure: `${counted.enrolled} of ${outcome.accepted} accepted are there; over-filled ${counted.overFilled}, double-booked ${counted.doubleBooked}`,
    },
  ];
}

async function deliveryFigures(databaseUrl: string): Promise<Figure[]> {
  return (await deliveries(databaseUrl)).map((delivered) => ({
    what: `${delivered.type} of the replay, commit to committed delivery`,
    figure: described(delivered),
  }));
}
