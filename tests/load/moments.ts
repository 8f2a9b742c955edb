// `npm run bench:moments [-- --kafka] [--processes N]`: the moments that matter, as ratios to the no-op route of the same
// run: everybody wants one section (64, 256 and 1,024 connections), a class of 30 and one of 300 is marked, and an absence
// reaches the push service (100 a second, from pressing Finish to its 201). Prints figures; asserts nothing of them.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { createDb, type Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { brokerList, prepareKafka, startBrokers } from "@/scripts/lib/services/kafka.mjs";
import { sleep, stopProcess } from "@/scripts/lib/processes.mjs";
import { eventually } from "@/tests/support/eventually";
import { startProduct } from "@/tests/support/product";
import { PushService } from "@/tests/support/push-service";
import { addClassSession, at, buildSchool } from "@/tests/support/school";
import { inParallel, LoadClient, timed } from "./driver/client";
import { benchDatabase, benchEnvironment, benchmark, PASSWORD, positive } from "./driver/loaded-product";
import { measureNoOp } from "./driver/registration";

const { values } = parseArgs({
  options: { processes: { type: "string", default: "1" }, kafka: { type: "boolean", default: false } },
});
const processes = positive("processes", values.processes);
const WIDTHS = [64, 256, 1_024];
const SEATS = 300;
const CLASSES = 10;
const CLASS_SIZE = 10;
const SECONDS = 15;
const MARKS = 40;

await benchmark(async (bench) => {
  const { work, undo } = bench;
  const { databaseUrl } = await benchDatabase(bench);
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
  const people = await school(db);
  const clients = new Map(WIDTHS.map((width) => [width, new LoadClient(product.baseUrls, width)]));
  for (const client of clients.values()) undo.push(() => client.close());
  const client = clientOf(clients, 64);
  const tokens = await tokensOf(client, [...people.students, people.teacher]);

  print(
    `${os.cpus().length} × ${os.cpus()[0]?.model ?? "?"}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${values.kafka ? "Kafka" : "embedded"}, ${processes} web process(es), driver on the machine too`,
  );
  print("");
  print(row("moment", "requests", "per second", "p50 ms", "p99 ms", "of no-op"));
  await measureNoOp(client, tokens, 64, 3_000); // the first thousands of a process are slower, whatever they are
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
  }
  const bare = await measureNoOp(client, tokens, 8, 3_000);
  print(phaseRow("no-op, 8 at once", bare, bare.perSecond));
  const teacher = tokens.get(people.teacher.email) ?? "";
  for (const { name, section, students } of [people.thirty, people.threeHundred]) {
    const classes: string[] = [];
    for (let n = 0; n < MARKS; n += 1) classes.push((await addClassSession(db, section, { startsInMinutes: -5 })).id);
    const saved = await timed((record) =>
      inParallel(classes, 8, async (classSessionId) => {
        const records = students.map(({ id }) => ({ studentId: id, status: "PRESENT" }));
        const answer = await client.send("POST", "/api/attendance/mark-bulk", teacher, { classSessionId, records });
        if (answer.status !== 200) throw new Error(`marking answered ${answer.status} ${JSON.stringify(answer.body)}`);
        record(answer.ms);
      }),
    );
    print(phaseRow(`marking ${name}, 8 at once`, saved, bare.perSecond));
  }
  print("");
  await absences({ db, client, pushes, people, teacher });
});

type People = Awaited<ReturnType<typeof school>>;

/** Students who all want the same sections, and a teacher with classes of 30, of 300 and ten of ten. */
async function school(db: Db) {
  const count = Math.max(...WIDTHS);
  const range = (from: number, length: number) => Array.from({ length }, (_, n) => from + n);
  const built = await buildSchool(db, {
    students: count,
    guardiansOf: range(0, CLASSES * CLASS_SIZE),
    weeksBefore: 1,
    weeksAfter: 1,
    sections: [
      ...WIDTHS.map(() => ({ capacity: SEATS, meetings: [] })),
      { capacity: 30, meetings: [], enrolled: range(0, 30) },
      { capacity: 300, meetings: [], enrolled: range(0, 300) },
      ...range(0, CLASSES).map((n) => ({ meetings: [], enrolled: range(n * CLASS_SIZE, CLASS_SIZE) })),
    ],
  });
  const { students, guardians, sections } = built;
  const teacher = at(built.teachers, 0);
  const passwordHash = await hashPassword(PASSWORD);
  await db.user.updateMany({
    where: { id: { in: [...students, teacher].map(({ id }) => id) } },
    data: { passwordHash },
  });
  const first = WIDTHS.length;
  return {
    students,
    guardians,
    teacher,
    hot: sections.slice(0, first),
    thirty: { name: "30", section: at(sections, first), students: students.slice(0, 30) },
    threeHundred: { name: "300", section: at(sections, first + 1), students: students.slice(0, 300) },
    small: sections.slice(first + 2),
  };
}

/** A hundred students a second are marked absent, each with a guardian and their phone; from the press to the 201. */
async function absences(run: { db: Db; client: LoadClient; pushes: PushService; people: People; teacher: string }) {
  const { db, client, pushes, people, teacher } = run;
  const answer = await client.send("GET", "/api/push/public-key", teacher);
  const vapidPublicKey = String(answer.body["publicKey"]);
  const phones = people.guardians.map((guardian) => ({ guardian, ...pushes.subscribe(vapidPublicKey) }));
  await db.pushSubscription.createMany({
    data: phones.map(({ guardian, json }) => ({
      id: newId(),
      schoolId: guardian.schoolId,
      userId: guardian.id,
      endpoint: json.endpoint,
      ...json.keys,
      vapidPublicKey,
    })),
  });
  const rounds: string[][] = [];
  for (let second = 0; second < SECONDS; second += 1)
    rounds.push(
      await Promise.all(
        people.small.map(async (section) => (await addClassSession(db, section, { startsInMinutes: -5 })).id),
      ),
    );
  const pressedAt: number[][] = phones.map(() => []);
  const saves: Promise<void>[] = [];
  const startedAt = Date.now();
  for (const [second, classes] of rounds.entries())
    for (const [n, classSessionId] of classes.entries()) {
      // A hundred a second come, however long each takes: it is their clock that is waited for.
      await sleep(Math.max(0, startedAt + second * 1_000 + (n * 1_000) / CLASSES - Date.now()));
      const students = people.students.slice(n * CLASS_SIZE, (n + 1) * CLASS_SIZE);
      const records = students.map(({ id }) => ({ studentId: id, status: "ABSENT" }));
      const at = Date.now();
      for (let index = 0; index < CLASS_SIZE; index += 1) pressedAt[n * CLASS_SIZE + index]?.push(at);
      saves.push(
        client
          .send("POST", "/api/attendance/mark-bulk", teacher, { classSessionId, records, finalize: true })
          .then(({ status, body }) => {
            if (status !== 200) throw new Error(`finishing answered ${status} ${JSON.stringify(body)}`);
          }),
      );
    }
  await Promise.all(saves);
  const wanted = phones.length * SECONDS;
  await eventually(() => pushes.received.length >= wanted, { timeoutMs: 60_000, what: "every push" });
  // A phone gets its news in their order: the first request to it is about the first class of its child.
  const tookMs = phones.flatMap(({ token }, index) =>
    pushes
      .requestsTo(token)
      .filter(({ status }) => status === 201)
      .map((request, n) => request.at - (pressedAt[index]?.[n] ?? NaN)),
  );
  tookMs.sort((a, b) => a - b);
  const share = (part: number) =>
    (tookMs[Math.min(tookMs.length - 1, Math.floor(tookMs.length * part))] ?? NaN).toFixed(0);
  print(
    `press to 201   ${wanted} absences in ${SECONDS} s: ${tookMs.length} pushes taken, p50 ${share(0.5)} ms, p95 ${share(0.95)} ms, p99 ${share(0.99)} ms, most ${share(1)} ms`,
  );
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
