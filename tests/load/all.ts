// Every benchmark of the table in docs/figures.md, one after the other, each as a process of its own, and the table.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { parseArgs } from "node:util";
import { nodeArguments, nodeBinary } from "@/scripts/lib/runtime.mjs";
import type { Figure } from "./driver/figures";
import { positive } from "./driver/loaded-product";
import { machine } from "./driver/machine";

/** `file` with `args` in this folder; `needs` says in words what is missing, or nothing. */
type Part = { name: string; file: string; args: readonly string[]; needs?: () => string | undefined };
/** What became of a part: its figures, or why there are none. */
type Outcome = { part: Part; figures: readonly Figure[]; note?: string };

/**
 * Runs the parts and prints one Markdown table with the machine and the day. `--data FOLDER` is replayed instead of a school
 * that is made for it, `--minutes N` (2) is how long the memory is watched, `--only PART` runs the parts whose names match.
 * A part that needs what is not there is skipped and said to be; one that fails makes the exit code 1.
 */
export async function runAll(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: "string" },
      minutes: { type: "string", default: "2" },
      only: { type: "string", default: "" },
    },
  });
  const parts = partsOf({ data: values.data, minutes: positive("minutes", values.minutes) });
  const outcomes: Outcome[] = [];
  for (const part of parts.filter(({ name }) => new RegExp(values.only).test(name))) outcomes.push(await run(part));
  process.stdout.write(`\n${tableOf(outcomes, values.data)}\n`);
}

function partsOf({ data, minutes }: { data: string | undefined; minutes: number }): Part[] {
  const replay = data === undefined ? [] : ["--data", data];
  return [
    { name: "replay", file: "bench.ts", args: replay },
    { name: "rush", file: "rush.ts", args: [] },
    { name: "transactions", file: "transactions.ts", args: [] },
    { name: "moments", file: "moments.ts", args: [] },
    { name: "kafka", file: "moments.ts", args: ["--kafka", "--pushes"], needs: missingForKafka },
    { name: "pages", file: "pages.ts", args: [] },
    { name: "growth", file: "growth.ts", args: [] },
    { name: "idle", file: "idle.ts", args: [] },
    { name: "memory", file: "memory.ts", args: ["--minutes", String(minutes)] },
  ];
}

async function run(part: Part): Promise<Outcome> {
  const missing = part.needs?.();
  if (missing !== undefined) return { part, figures: [], note: `skipped: ${missing}` };
  process.stdout.write(`\n=== ${part.name}: ${part.file} ${part.args.join(" ")}\n`);
  const figures: Figure[] = [];
  const child = spawn(nodeBinary(), [...nodeArguments(path.join(import.meta.dirname, part.file)), ...part.args], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  child.on("message", (message: { figures: Figure[] }) => figures.push(...message.figures));
  const pass = (signal: NodeJS.Signals) => {
    child.kill(signal);
    void once(child, "exit").then(() => process.exit(130));
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  for (const each of SIGNALS) process.off(each, pass);
  if (code === 0) return { part, figures };
  process.exitCode = 1;
  return { part, figures, note: `failed: it ended with ${signal ?? `code ${code}`}` };
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Kafka's own jars are fetched with Maven when they are not there yet. */
function missingForKafka(): string | undefined {
  const absent = ["java", "mvn"].filter((program) => spawnSync(program, ["-version"]).status !== 0);
  return absent.length > 0 ? `there is no ${absent.join(" and no ")} on this machine` : undefined;
}

function tableOf(outcomes: readonly Outcome[], data: string | undefined): string {
  const rows = outcomes.flatMap(({ part, figures, note }) => [
    ...figures.map(({ what, figure, ratio = "" }) => [part.name, what, figure, ratio]),
    ...(note === undefined ? [] : [[part.name, note, "", ""]]),
  ]);
  return [
    `${machine()}; ${new Date().toISOString().slice(0, 16)}Z; load driver on the machine too; replay of ${data === undefined ? "a school made for it" : path.basename(data)}.`,
    "",
    "| part | what | figure | ratio |",
    "| --- | --- | --- | --- |",
    ...rows.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`),
  ].join("\n");
}
