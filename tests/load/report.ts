import os from "node:os";
import type { Phase } from "./client";
import type { Recount } from "./recount";
import type { Outcome } from "./registration";
import type { SchoolData } from "./school-data";

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
};

/** Prints what was measured, with the machine it was measured on; ratios against the no-op route of the same run. */
export function printReport(report: Report): void {
  const { school, outcome, counted, noOp } = report;
  const bare = (noOp[0].perSecond + noOp[1].perSecond) / 2;
  const lines = [
    `machine        ${os.cpus().length} × ${os.cpus()[0]?.model ?? "?"}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.version}, load driver on the same machine`,
    `data           ${report.source}: ${school.sections} sections, ${school.students.length} students, ${school.wishes} wishes`,
    `set-up         ${report.processes} web process(es), ${report.connections} connections; import ${report.importSeconds.toFixed(1)} s`,
    "",
    row("phase", "requests", "per second", "p50 ms", "p99 ms", "of no-op"),
    phaseRow("sign-in (argon2id)", report.signIn, bare),
    phaseRow("no-op, before", noOp[0], bare),
    phaseRow("enroll", outcome.phase, bare),
    phaseRow("no-op, after", noOp[1], bare),
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
  return name.padEnd(22) + cells.map((cell) => cell.padStart(12)).join("");
}
