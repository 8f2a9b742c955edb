import type { Phase } from "./driver/client";
import { type Part, PARTS } from "./driver/loaded-product";
import { machine } from "./driver/machine";
import type { Recount } from "./driver/recount";
import type { Outcome } from "./driver/registration";
import type { SchoolData } from "./school/school-data";

export type Report = {
  source: string;
  school: SchoolData;
  connections: number;
  processes: number;
  importSeconds: number;
  signIn: Phase;
  /** Before and after the registration, in the same run. */
  noOp: [Phase, Phase];
  outcome: Outcome;
  counted: Recount;
  /** What each phase cost the processes, in milliseconds of processor time. */
  processorMs: ReadonlyMap<string, Record<Part, number>>;
};

/** Prints what was measured, with the machine it was measured on; ratios against the no-op route of the same run. */
export function printReport(report: Report): void {
  const { school, outcome, counted, noOp } = report;
  const bare = (noOp[0].perSecond + noOp[1].perSecond) / 2;
  const lines = [
    `machine        ${machine()}, load driver on the same machine`,
    `data           ${report.source}: ${school.sections} sections, ${school.students.length} students, ${school.wishes} wishes`,
    `set-up         ${report.processes} web process(es), ${report.connections} connections; import ${report.importSeconds.toFixed(1)} s`,
    "",
    row("phase", "requests", "per second", "p50 ms", "p99 ms", "of no-op"),
    phaseRow("sign-in (argon2id)", report.signIn, bare),
    phaseRow("no-op, before", noOp[0], bare),
    phaseRow("enroll", outcome.phase, bare),
    phaseRow("no-op, after", noOp[1], bare),
    "",
    row("processor ms a request", ...PARTS, "all", "of no-op"),
    ...processorRows(report),
    "",
    `seats taken    ${outcome.accepted} of ${school.wishes} wishes (${outcome.accepted > 0 ? (outcome.accepted / outcome.phase.seconds).toFixed(0) : 0} a second); ${outcome.unserved} wishes found no seat`,
    `refusals       ${[...outcome.refused].map(([code, count]) => `${code} ${count}`).join(", ") || "none"}`,
    `failures       ${outcome.failed} (answers that are neither a seat nor a refusal by rule)`,
    `recount        ${counted.enrolled} live enrollments, ${counted.seatsTaken} seats, ${counted.events} student_enrolled events`,
    `over-filled    ${counted.overFilled} sections`,
    `double-booked  ${counted.doubleBooked} students`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Milliseconds of processor time that a request of a phase cost all processes of the product together. */
export function productMs({ processorMs }: Report, phase: string, count: number): number {
  const spent = processorMs.get(phase);
  return spent ? (spent.web + spent.worker + spent.database) / count : NaN;
}

/** Milliseconds of processor time a request, and the whole of the product as a multiple of the no-op route's. */
function processorRows(report: Report): string[] {
  const { processorMs, noOp, outcome, signIn } = report;
  const counts: [string, number][] = [
    ["sign-in", signIn.count],
    ["no-op, before", noOp[0].count],
    ["enroll", outcome.phase.count],
    ["no-op, after", noOp[1].count],
  ];
  const bare =
    (productMs(report, "no-op, before", noOp[0].count) + productMs(report, "no-op, after", noOp[1].count)) / 2;
  return counts.map(([phase, count]) => {
    const spent = processorMs.get(phase);
    const all = productMs(report, phase, count);
    const parts = PARTS.map((part) => ((spent?.[part] ?? NaN) / count).toFixed(2));
    return row(phase, ...parts, all.toFixed(2), (all / bare).toFixed(1));
  });
}

function phaseRow(name: string, phase: Phase, bare: number): string {
  return row(
    name,
    String(phase.count),
    phase.perSecond.toFixed(0),
    phase.p50Ms.toFixed(1),
    phase.p99Ms.toFixed(1),
    (phase.perSecond / bare).toFixed(2),
  );
}

function row(name: string, ...cells: string[]): string {
  return name.padEnd(24) + cells.map((cell) => cell.padStart(12)).join("");
}
