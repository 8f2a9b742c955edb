// What processes cost by what the kernel counts (Linux): a figure that a busy machine changes less than a clock's.
import fs from "node:fs";

const CLOCK_TICK_MS = 10;

/** Processor time of a process since its start, in milliseconds, with all its threads. */
export function processorMsOf(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
}

/** Processor time of a process and of its children, living and ended, in milliseconds: a PostgreSQL with its back ends. */
export function familyProcessorMsOf(pid: number): number {
  const ended = statOf(pid);
  const own = processorMsOf(pid) + (Number(ended[13]) + Number(ended[14])) * CLOCK_TICK_MS;
  return childrenOf(pid).reduce((sum, child) => sum + processorMsOf(child), own);
}

/** The pid of the PostgreSQL server that runs on a data folder. */
export function postmasterOf(dataDir: string): number {
  return Number(fs.readFileSync(`${dataDir}/postmaster.pid`, "utf8").split("\n")[0]);
}

/** A process and all that came of it and lives, each with its command line. */
export function treeOf(pid: number): { pid: number; command: string }[] {
  try {
    const command = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return [{ pid, command }, ...childrenOf(pid).flatMap(treeOf)];
  } catch {
    return []; // it has ended meanwhile
  }
}

function childrenOf(pid: number): number[] {
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        return Number(statOf(candidate)[1]) === pid;
      } catch {
        return false; // it has ended meanwhile
      }
    });
}

/** What follows the name in /proc/PID/stat: state, parent, … */
function statOf(pid: number): string[] {
  return fs
    .readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
}

/** Memory of a process in bytes; what it shares with others is counted in proportion. */
export function memoryOf(pid: number): number {
  const [, kibibytes] = /^Pss:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")) ?? [];
  return Number(kibibytes) * 1_024;
}

/** {@link memoryOf} of a process and its living children. */
export function familyMemoryOf(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, each) => sum + memoryOf(each), 0);
}
