// `npm run dead-letters -- list|replay [--consumer NAME] [--type TYPE] [--id ID] [--all] [--dry-run]`
import { parseArgs } from "node:util";
import { db } from "@/lib/platform/db/client";
import {
  listDeadLetters,
  replayDeadLetters,
  type DeadLetterFilter,
  type DeadLetterRow,
} from "@/lib/platform/events/delivery/replay";
import { CONSUMERS } from "../consumers/registry";

const USAGE = `usage: npm run dead-letters -- list|replay [--consumer NAME] [--type TYPE] [--id ID] [--all] [--dry-run]
  list     shows the events that were set aside (with --all also those that were replayed)
  replay   hands them to their consumers again; --dry-run only says which`;

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      consumer: { type: "string" },
      type: { type: "string" },
      id: { type: "string" },
      all: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
    },
  });
  const [command] = positionals;
  if (positionals.length !== 1 || (command !== "list" && command !== "replay")) throw new Error(USAGE);
  const filter: DeadLetterFilter = {
    ...(values.consumer ? { consumer: values.consumer } : {}),
    ...(values.type ? { type: values.type } : {}),
    ...(values.id ? { id: values.id } : {}),
    includeReplayed: command === "list" && values.all,
  };
  const client = db();
  try {
    const letters = await listDeadLetters(client, filter);
    if (command === "list" || values["dry-run"]) {
      for (const letter of letters) print(lineOf(letter));
      print(`${letters.length} dead letter${letters.length === 1 ? "" : "s"}`);
      return 0;
    }
    const results = await replayDeadLetters(client, CONSUMERS, letters);
    for (const { id, consumer, result } of results) print(`${id} ${consumer} ${result}`);
    const failed = results.filter(
      ({ result }) => !["done", "duplicate"].includes(result) && !result.startsWith("skip"),
    );
    print(`${results.length - failed.length} replayed, ${failed.length} still failed`);
    return failed.length > 0 ? 1 : 0;
  } finally {
    await client.$disconnect();
  }
}

function lineOf(letter: DeadLetterRow): string {
  const replayed = letter.replayedAt ? ` replayed ${letter.replayedAt.toISOString()}` : "";
  return `${letter.id} ${letter.createdAt.toISOString()} ${letter.consumer} ${letter.type} ${letter.origin} attempts=${letter.attempts} "${letter.reason}"${replayed}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
