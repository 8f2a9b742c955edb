// `npm run bench:moments [-- --kafka] [--pushes] [--processes N]`: the moments that matter, as ratios to the no-op route of the same
// run: everybody wants one section (64, 256 and 1,024 connections), a class of 30 and one of 300 is marked, and an absence
// reaches the push service (100 a second, from pressing Finish to its 201; with --pushes nothing else). Then the statements of
// a save, and how long events took. Prints figures; asserts nothing of them.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { createDb, type Db } from "@/lib/platform/db/client";
import { brokerList, prepareKafka, startBrokers } from "@/scripts/lib/services/kafka.mjs";
import { stopProcess } from "@/scripts/lib/processes.mjs";
import { startProduct } from "@/tests/support/product";
import { PushService } from "@/tests/support/push-service";
import { addClassSession, at } from "@/tests/support/school";
import { absences, SECONDS } from "./driver/absences";
import { inParallel, LoadClient, timed } from "./driver/client";
import { COMMITS_HAVE_TIMES, deliveries, described } from "./driver/deliveries";
import { type Figure, phaseFigure, tell } from "./driver/figures";
import { benchDatabase, benchEnvironment, benchmark, PASSWORD, positive } from "./driver/loaded-product";
import { machine } from "./driver/machine";
import { measureNoOp } from "./driver/registration";
import { countNothingYet, STATEMENTS_CAN_BE_COUNTED, statementsOf } from "./driver/statements";
import { momentsSchool, type People, SEATS, WIDTHS } from "./school/moments-school";

const { values } = parseArgs({
  options: {
    processes: { type: "string", default: "1" },
    kafka: { type: "boolean", default: false },
    pushes: { type: "boolean", default: false },
  },
});
const processes = positive("processes", values.processes);
const MARKS = 40;
/** Enough that what the web process asks by itself meanwhile is nothing a save. */
const COUNTED_MARKS = 10;

await benchmark(async (bench) => {
  const { work, undo } = bench;
  const { databaseUrl } = await benchDatabase(bench, {
    settings: { ...COMMITS_HAVE_TIMES, ...STATEMENTS_CAN_BE_COUNTED },
  });
  await countNothingYet(databaseUrl);
  const db = createDb(databaseUrl, 4);
  undo.push(() => db.$disconnect());
  const pushes = await new PushService().start();
  undo.push(() => pushes.stop());
  const trusted = path.join(work, "push-service.pem");
  fs.writeFileSync(trusted, pushes.certificate.cert);
  const product = await startProduct({
    env: {
      ...benchEnvironment(bench, databaseUrl),
      NODE_EXTRA_CA_CERTS: trusted,
      PUSH_ENDPOINT_ALLOWLIST: "localhost",
      ...(values.kafka ? { KAFKA_BROKERS: await kafka(work, undo) } : {}),
    },
    webProcesses: processes,
  });
  undo.push(() => product.stop());
  const people = await momentsSchool(db);
  const clients = new Map(WIDTHS.map((width) => [width, new LoadClient(product.baseUrls, width)]));
  for (const client of clients.values()) undo.push(() => client.close());
  const client = clientOf(clients, 64);
  const tokens = await tokensOf(client, [...people.students, people.teacher]);
  const teacher = tokens.get(people.teacher.email) ?? "";
  const run: Run = { db, client, clients, tokens, people, teacher };
  const log = values.kafka ? "Kafka" : "embedded";
  const figures: Figure[] = [];

  print(`${machine()}, ${log}, ${processes} web process(es), driver on the machine too`);
  print("");
  await measureNoOp(client, tokens, 64, 3_000); // the first thousands of a process are slower, whatever they are
  if (!values.pushes) figures.push(...(await hotSections(run)), ...(await marking(run)));
  print("");
  const pushed = await absences({ db, client, pushes, people, teacher });
  const ms = (figure: number) => figure.toFixed(0);
  const shares = `p50 ${ms(pushed.p50Ms)} ms, p95 ${ms(pushed.p95Ms)} ms, p99 ${ms(pushed.p99Ms)} ms`;
  print(
    `press to 201   ${pushed.wanted} absences in ${SECONDS} s: ${pushed.taken} pushes taken, ${shares}, most ${ms(pushed.mostMs)} ms`,
  );
  figures.push({
    what: `save to the push service's 201, 100 absences/s, ${log}`,
    figure: `${shares}; ${pushed.taken} of ${pushed.wanted}`,
  });
  for (const delivered of await deliveries(databaseUrl)) {
    print(`delivered      ${delivered.type}: ${described(delivered)}`);
    figures.push({
      what: `${delivered.type}, commit to committed delivery, ${log}`,
      figure: described(delivered),
    });
  }
  if (!values.pushes) {
    for (const worker of product.workers) await worker.kill(); // what it asks would be counted as the save's
    for (const size of [people.thirty, people.threeHundred]) {
      const save = await savesOf(run, size, COUNTED_MARKS);
      const statements = (await statementsOf(databaseUrl, () => save(1, () => {}))) / COUNTED_MARKS;
      print(`statements     marking ${size.name}: ${statements.toFixed(1)} a save`);
      figures.push({ what: `mark-bulk of ${size.name}, statements by the server`, figure: statements.toFixed(1) });
    }
  }
  tell(figures);
});

type Run = {
  db: Db;
  client: LoadClient;
  clients: ReadonlyMap<number, LoadClient>;
  tokens: Map<string, string>;
  people: People;
  teacher: string;
};

/** Everybody wants one section, with more and more connections. */
async function hotSections({ db, clients, tokens, people }: Run): Promise<Figure[]> {
  print(row("moment", "requests", "per second", "p50 ms", "p99 ms", "of no-op"));
  const figures: Figure[] = [];
  for (const [index, width] of WIDTHS.entries()) {
    const wide = clientOf(clients, width);
    const before = await measureNoOp(wide, tokens, width, 4_000);
    const sectionId = at(people.hot, index).id;
    const codes = new Map<number, number>();
    const hot = await timed((record) =>
      inParallel(people.students, width, async ({ email }) => {
        const answer = await wide.send("POST", "/api/enroll", tokens.get(email) ?? null, { sectionId });
        codes.set(answer.status, (codes.get(answer.status) ?? 0) + 1);
        record(answer.ms);
      }),
    );
    const after = await measureNoOp(wide, tokens, width, 4_000);
    const bare = (before.perSecond + after.perSecond) / 2;
    print(phaseRow(`one section, ${width} at once`, hot, bare));
    const taken = await db.enrollment.count({ where: { sectionId, status: "ENROLLED" } });
    print(
      `  ${SEATS} seats: ${taken} taken; answers ${[...codes].map(([status, count]) => `${count} × ${status}`).join(", ")}`,
    );
    figures.push(phaseFigure(`one section of ${SEATS}, ${width} at once (${taken} taken)`, hot, bare));
  }
  return figures;
}

/** A teacher saves classes of 30 and of 300. */
async function marking(run: Run): Promise<Figure[]> {
  const bare = await measureNoOp(run.client, run.tokens, 8, 3_000);
  print(phaseRow("no-op, 8 at once", bare, bare.perSecond));
  const figures: Figure[] = [];
  for (const size of [run.people.thirty, run.people.threeHundred]) {
    const save = await savesOf(run, size, MARKS);
    const saved = await timed((record) => save(8, record));
    print(phaseRow(`marking ${size.name}, 8 at once`, saved, bare.perSecond));
    figures.push(phaseFigure(`mark-bulk of ${size.name}, 8 at once`, saved, bare.perSecond));
  }
  return figures;
}

/** Makes `count` classes; the answer saves each of them once, so many at a time. */
async function savesOf({ db, client, teacher }: Run, { section, students }: People["thirty"], count: number) {
  const classes: string[] = [];
  for (let n = 0; n < count; n += 1) classes.push((await addClassSession(db, section, { startsInMinutes: -5 })).id);
  const records = students.map(({ id }) => ({ studentId: id, status: "PRESENT" }));
  return (width: number, record: (ms: number) => void) =>
    inParallel(classes, width, async (classSessionId) => {
      const answer = await client.send("POST", "/api/attendance/mark-bulk", teacher, { classSessionId, records });
      if (answer.status !== 200) throw new Error(`marking answered ${answer.status} ${JSON.stringify(answer.body)}`);
      record(answer.ms);
    });
}

async function kafka(work: string, undo: (() => Promise<unknown>)[]): Promise<string> {
  const nodes = await prepareKafka({ dir: path.join(work, "kafka"), count: 1 });
  const brokers = await startBrokers(nodes, { diesWithParent: true });
  undo.push(() => Promise.all(brokers.map((broker) => stopProcess(broker))));
  return brokerList(nodes);
}

async function tokensOf(client: LoadClient, people: readonly { email: string }[]): Promise<Map<string, string>> {
  const tokens = new Map<string, string>();
  await inParallel(people, 64, async ({ email }) => {
    const answer = await client.send("POST", "/api/login", null, { email, password: PASSWORD });
    if (answer.status !== 200) throw new Error(`signing in answered ${answer.status}`);
    tokens.set(email, String(answer.body["accessToken"]));
  });
  return tokens;
}

function clientOf(clients: ReadonlyMap<number, LoadClient>, width: number): LoadClient {
  const client = clients.get(width);
  if (!client) throw new Error(`no client with ${width} connections`);
  return client;
}

function phaseRow(name: string, phase: Awaited<ReturnType<typeof timed>>, bare: number): string {
  const { count, perSecond, p50Ms, p99Ms } = phase;
  return row(
    name,
    String(count),
    perSecond.toFixed(0),
    p50Ms.toFixed(1),
    p99Ms.toFixed(1),
    (perSecond / bare).toFixed(2),
  );
}

function row(name: string, ...cells: string[]): string {
  return name.padEnd(30) + cells.map((cell) => cell.padStart(12)).join("");
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
