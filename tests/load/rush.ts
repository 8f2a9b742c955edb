// `npm run bench:rush -- [--processes N]`: the moment registration opens. 700 students sign in and take five seats each,
// all at once, every seat of the school; then all 2,500 people of the school sign in at the same moment.
import path from "node:path";
import { parseArgs } from "node:util";
import { Answers } from "./driver/answers";
import { inParallel, timed, type LoadClient, type Phase } from "./driver/client";
import { tell } from "./driver/figures";
import { machine } from "./driver/machine";
import { benchmark, loadProduct, PASSWORD, positive } from "./driver/loaded-product";
import { sectionIds } from "./driver/registration";
import { recount } from "./driver/recount";
import { generateRushSchool } from "./school/rush-school";
import { prepareSchool, type SchoolData } from "./school/school-data";

const STUDENTS = 2_500;
const REGISTERING = 700;
const EACH = 5;

const { values } = parseArgs({ options: { processes: { type: "string", default: "1" } } });
const processes = positive("processes", values.processes);

await benchmark(async (bench) => {
  const source = path.join(bench.work, "generated");
  await generateRushSchool(source, { students: STUDENTS, registering: REGISTERING, each: EACH });
  const school = prepareSchool(source, path.join(bench.work, "roster"), new Date());
  const { client, databaseUrl } = await loadProduct(bench, {
    folder: school.folder,
    processes,
    connections: STUDENTS,
  });
  const ids = await idsOfSections(client, school);
  const answers = new Answers();
  const signIns: number[] = [];
  const rush = await timed((record) =>
    inParallel(school.students.slice(0, REGISTERING), REGISTERING, async (student) => {
      const login = await answers.of("sign-in", client, "/api/login", null, credentials(student.email));
      if (login?.status !== 200) return;
      signIns.push(login.ms);
      const token = String(login.body["accessToken"]);
      for (const course of student.wishes) {
        const [sourcedId = ""] = school.sectionsOf.get(course) ?? [];
        const answer = await answers.of("enroll", client, "/api/enroll", token, { sectionId: ids.get(sourcedId) });
        if (answer) record(answer.ms);
      }
    }),
  );
  const everybody = await timed((record) =>
    inParallel(school.students, STUDENTS, async ({ email }) => {
      const answer = await answers.of("everybody signs in", client, "/api/login", null, credentials(email));
      if (answer) record(answer.ms);
    }),
  );
  const counted = await recount(databaseUrl);
  const wished = REGISTERING * EACH;
  signIns.sort((a, b) => a - b);
  print(`machine        ${machine()}, driver on it too`);
  print(`the rush       ${REGISTERING} students sign in and take ${EACH} seats each, at once: ${described(rush)}`);
  print(`               sign-in p50 ${ms(signIns, 0.5)} ms, slowest ${ms(signIns, 1)} ms`);
  print(`all sign in    ${STUDENTS} at the same moment: ${described(everybody)}`);
  for (const [name, count] of answers.counts) print(`answers        ${name}: ${count}`);
  const taken = `${counted.enrolled} of ${wished} seats taken, ${counted.overFilled} sections over-filled`;
  print(`recount        ${taken}`);
  tell([
    {
      what: `${REGISTERING} sign in and take ${EACH} seats each, at once`,
      figure: `${rush.seconds.toFixed(1)} s; ${taken}`,
    },
    { what: `${STUDENTS} sign in at the same moment`, figure: `${everybody.seconds.toFixed(1)} s` },
  ]);
  const isWhole = counted.enrolled === wished && counted.overFilled === 0 && counted.doubleBooked === 0;
  process.exitCode = isWhole && answers.allHonest ? 0 : 1;
});

/** The ids, read as one of those who do not register. */
async function idsOfSections(client: LoadClient, school: SchoolData): Promise<Map<string, string>> {
  const reader = school.students.at(-1);
  const answer = await client.send("POST", "/api/login", null, credentials(reader?.email ?? ""));
  return sectionIds(client, new Map([["reader", String(answer.body["accessToken"])]]));
}

function credentials(email: string) {
  return { email, password: PASSWORD };
}

function described({ count, seconds, perSecond, p50Ms, p99Ms }: Phase): string {
  const rates = `${perSecond.toFixed(0)} a second, p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms`;
  return `${count} answers in ${seconds.toFixed(1)} s, ${rates}`;
}

function ms(sorted: number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
