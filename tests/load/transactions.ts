// `npm run bench:transactions [-- --clients N] [--rounds N]`: what it brings that requests which wait together share a
// transaction: the product's queue against one transaction a request, as functions of this process on one database, with
// as many callers and connections. Sixty sections, and one that everybody wants. Recounts; asserts no times.
import { parseArgs } from "node:util";
import type { RegistrationRequest } from "@/lib/enrollment/registration/decide";
import { registrationBatch } from "@/lib/enrollment/registration/registration-batch";
import { RegistrationQueue } from "@/lib/enrollment/registration/registration-queue";
import { createDb, type Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { at, buildSchool, contextOf } from "@/tests/support/school";
import { inParallel, type Phase, timed } from "./driver/client";
import { type Figure, tell } from "./driver/figures";
import { benchDatabase, benchmark, positive } from "./driver/loaded-product";
import { machine } from "./driver/machine";
import { plainEnroll } from "./driver/plain-enroll";
import { recount } from "./driver/recount";

const { values } = parseArgs({
  options: { clients: { type: "string", default: "64" }, rounds: { type: "string", default: "3" } },
});
const clients = positive("clients", values.clients);
const rounds = positive("rounds", values.rounds);
/** As a web process has. */
const CONNECTIONS = 16;

type Outcome = { enrollmentId: string } | { refused: string } | object;
type Way = { name: string; enroll: (request: RegistrationRequest) => Promise<Outcome> };
/** `each`: how many sections a student asks for. Every eighth request finds no seat. */
type Rush = { name: string; students: number; sections: number; each: number; capacity: number };

const RUSHES: Rush[] = [
  { name: "60 sections", students: 320, sections: 60, each: 6, capacity: 28 },
  { name: "one section", students: 960, sections: 1, each: 1, capacity: 840 },
];

await benchmark(async (bench) => {
  const { databaseUrl } = await benchDatabase(bench);
  const client = createDb(databaseUrl, CONNECTIONS);
  bench.undo.push(() => client.$disconnect());
  const ways = waysOf(client);
  process.stdout.write(`${machine()}; ${clients} at once, ${CONNECTIONS} connections, ${rounds} rounds in turn\n\n`);
  print("enrolls", "requests", "per second", "p50 ms", "p99 ms", "× plain");
  let seats = 0;
  const figures: Figure[] = [];
  for (const rush of RUSHES) {
    const phases = new Map<Way, Phase[]>(ways.map((way) => [way, []]));
    // Before the first round one that does not count; and in turn, so that whatever else runs meets all of them.
    for (let round = 0; round <= rounds; round += 1)
      for (const way of ways) {
        const { phase, accepted } = await run(rush, way, client);
        seats += accepted;
        if (round > 0) phases.get(way)?.push(phase);
      }
    const rate = (way: Way) => rateOf(phases.get(way) ?? []);
    const plain = rate(at(ways, 0));
    for (const way of ways) {
      const all = phases.get(way) ?? [];
      const times = rate(way) / plain;
      const [p50, p99] = [middle(all.map(({ p50Ms }) => p50Ms)), middle(all.map(({ p99Ms }) => p99Ms))];
      print(`${rush.name}, ${way.name}`, String(countOf(all)), rate(way).toFixed(0), p50, p99, times.toFixed(1));
      if (way !== ways[0])
        figures.push({
          what: `${rush.name}, ${way.name}`,
          figure: `${rate(way).toFixed(0)}/s, p50 ${p50}, p99 ${p99} ms`,
          ratio: `${times.toFixed(1)} × plain`,
        });
    }
  }
  const counted = await recount(databaseUrl);
  process.stdout.write(
    `\nrecount        ${counted.enrolled} of ${seats} accepted, ${counted.events} events; over-filled ${counted.overFilled}, double-booked ${counted.doubleBooked}\n`,
  );
  figures.push({
    what: "recount of them",
    figure: `${counted.enrolled} of ${seats} accepted are there, ${counted.overFilled} sections over-filled`,
  });
  tell(figures);
  const isWhole = counted.enrolled === seats && counted.events === seats && counted.overFilled === 0;
  process.exitCode = isWhole && counted.doubleBooked === 0 ? 0 : 1;
});

/** The first is what the others are compared with. */
function waysOf(client: Db): Way[] {
  const queue = new RegistrationQueue(client, CONNECTIONS / 2);
  return [
    { name: "plain transactions", enroll: (request) => plainEnroll(request, client) },
    {
      name: "the queue's, alone",
      enroll: async (request) => at(await registrationBatch([request], { wait: true }, client), 0),
    },
    { name: "group commit", enroll: (request) => queue.add(request) },
  ];
}

/** A school of its own, in which everybody asks for what the rush says, `clients` of them at once. */
async function run(rush: Rush, way: Way, client: Db): Promise<{ phase: Phase; accepted: number }> {
  const { students, sections } = await buildSchool(client, {
    students: rush.students,
    weeksBefore: 1,
    weeksAfter: 1,
    sections: Array.from({ length: rush.sections }, (_, n) => ({
      capacity: rush.capacity,
      // No two at the same time, so that the rules have something to look at and nothing to object to.
      meetings: [
        { day: 1 + (n % 5), startMinute: 480 + 60 * Math.floor(n / 5), endMinute: 530 + 60 * Math.floor(n / 5) },
      ],
    })),
  });
  const wishes = Array.from({ length: rush.students * rush.each }, (_, n) => {
    const [student, turn] = [n % rush.students, Math.floor(n / rush.students)];
    return { student: at(students, student), sectionId: at(sections, (student + 7 * turn) % rush.sections).id };
  });
  let accepted = 0;
  const phase = await timed((record) =>
    inParallel(wishes, clients, async ({ student, sectionId }) => {
      const ctx = contextOf(student);
      const startedAt = performance.now();
      const outcome = await way.enroll({ kind: "enroll", ctx, sectionId, enrollmentId: newId(ctx.now.getTime()) });
      record(performance.now() - startedAt);
      if ("enrollmentId" in outcome) accepted += 1;
      else if (!("refused" in outcome) || outcome.refused !== "section_full")
        throw new Error(`${way.name} answered ${JSON.stringify(outcome)}`);
    }),
  );
  return { phase, accepted };
}

function countOf(phases: readonly Phase[]): number {
  return phases.reduce((sum, { count }) => sum + count, 0);
}

function rateOf(phases: readonly Phase[]): number {
  return countOf(phases) / phases.reduce((sum, { seconds }) => sum + seconds, 0);
}

function middle(figures: readonly number[]): string {
  const sorted = figures.toSorted((a, b) => a - b);
  return (sorted[Math.floor(sorted.length / 2)] ?? NaN).toFixed(1);
}

function print(name: string, ...cells: string[]): void {
  process.stdout.write(`${name.padEnd(34)}${cells.map((cell) => cell.padStart(12)).join("")}\n`);
}
