// `npm run roster -- import|status|cancel …`
import os from "node:os";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { createDb, isDatabaseDown, isNotMigrated, type Db } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import { errorForLog, logAsToolsDo } from "@/lib/platform/runtime/log";
import {
  cancelImport,
  createImport,
  endStoring,
  queueImport,
  recordStored,
  type StoringEnd,
} from "@/lib/roster/job/imports";
import { listImports, readImport, type ImportState } from "@/lib/roster/job/read-imports";
import { RosterRefused } from "@/lib/roster/problems";
import { formatRefusal, formatReport, refusalOf, rosterText } from "@/lib/roster/run/report";
import { openSource } from "@/lib/roster/sources/open-source";
import type { RosterSource } from "@/lib/roster/sources/sources";
import { NotStoring, storeSource } from "@/lib/roster/store/store-source";
import { localeFrom } from "@/messages/locale";
import { readArguments, WrongArguments, type Arguments } from "./roster/arguments";
import { followImport } from "./roster/follow-import";
import { progressLine, ProgressView } from "./roster/progress-view";

/**
 * 0: imported (or would be). 1: the roster was refused. 2: wrong arguments. 3: something of ours failed. 4: it was cancelled.
 */
type ExitCode = 0 | 1 | 2 | 3 | 4;
type ImportArguments = Extract<Arguments, { command: "import" }>;
type Tool = { client: Db; connectionString: string; view: ProgressView };

const SHORT_PASSWORD = 12;
const RECORD_EVERY_MS = 500;
/** Of a process that a signal ended, as shells count. */
const LEFT = 130;

/** Who reads it sits at this terminal: POSIX says in which order its language is looked for (`cs_CZ.UTF-8`). */
const { LC_ALL, LC_MESSAGES, LANG } = process.env;
const locale = localeFrom((LC_ALL || LC_MESSAGES || LANG)?.split(/[.@]/, 1)[0]?.replaceAll("_", "-"));
const t = rosterText(locale);

async function run(args: Arguments): Promise<ExitCode> {
  const { DATABASE_URL: connectionString } = env();
  if (!connectionString) throw new Error("DATABASE_URL is not set; `npm run roster` sets it.");
  logAsToolsDo();
  const client = createDb(connectionString, 5);
  const view = new ProgressView(process.stderr, t);
  const tool = { client, connectionString, view };
  try {
    switch (args.command) {
      case "import":
        return await runImport(args, tool);
      case "status":
        return await status(args.id, tool);
      case "cancel":
        return await cancel(args.id, tool);
    }
  } catch (error) {
    view.clear();
    if (error instanceof WrongArguments) throw error;
    if (error instanceof RosterRefused) {
      console.error(formatRefusal(refusalOf(error), locale));
      return 1;
    }
    // The driver's own sentence may hold values of rows; its name and code say enough.
    const { name, code, stack } = errorForLog(error);
    const reason = `${name}${code ? ` ${code}` : ""}`;
    if (isNotMigrated(error)) console.error(t("failure.notMigrated", { reason }));
    else console.error(isDatabaseDown(error) ? t("failure.databaseAway", { reason }) : `${reason}\n${stack ?? ""}`);
    return 3;
  } finally {
    await client.$disconnect();
  }
}

/** The first Ctrl-C asks for the end of the import, the second leaves without waiting for it. */
function cancelledBySignals(view: ProgressView): AbortSignal {
  const cancel = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (cancel.signal.aborted) process.exit(LEFT);
      cancel.abort();
      view.clear();
      console.error(t("report.cancelling"));
    });
  return cancel.signal;
}

async function runImport({ target, dryRun, password, timeZone }: ImportArguments, tool: Tool): Promise<ExitCode> {
  const { PUBLIC_URL, PORT } = env();
  if (password !== null && password.length < SHORT_PASSWORD) console.error(t("argument.shortPassword"));
  const source = await openSource(target);
  const cancel = cancelledBySignals(tool.view);
  let id: string;
  try {
    id = await createImport(tool.client, {
      dryRun,
      timeZone,
      sharedPasswordHash: password === null ? null : await hashPassword(password),
      publicUrl: PUBLIC_URL ?? `http://localhost:${PORT}`,
    });
    await store(id, source, { ...tool, cancel });
  } finally {
    await source.close();
  }
  const state = await followImport({ ...tool, id, cancel });
  return told(state, tool);
}

/** Stores the files of an import and queues it; one that is cancelled meanwhile has ended when it returns. */
async function store(
  id: string,
  source: RosterSource,
  { client, view, cancel }: Tool & { cancel: AbortSignal },
): Promise<void> {
  let recordedAtMs = performance.now();
  try {
    await storeSource(client, id, source, {
      async moved(bytes) {
        if (cancel.aborted) await cancelImport(client, id);
        view.show({ status: "STORING", phase: "STORE", done: bytes, total: 0 });
        if (performance.now() - recordedAtMs < RECORD_EVERY_MS) return;
        recordedAtMs = performance.now();
        await recordStored(client, id, bytes);
      },
    });
    await queueImport(client, id);
  } catch (error) {
    if (error instanceof NotStoring) return;
    const end: StoringEnd =
      error instanceof RosterRefused
        ? { status: "REFUSED", refusal: refusalOf(error) }
        : { status: "FAILED", failure: "notStored" };
    // Where the database is away it is ended later, as one that nobody stores any more.
    await endStoring(client, id, end).catch(() => false);
    throw error;
  }
}

async function status(id: string | null, { client }: Tool): Promise<ExitCode> {
  const states = id === null ? await listImports(client) : await found(id, client);
  if (states.length === 0) console.log(t("status.none"));
  for (const state of states) console.log(stateLine(state));
  if (id !== null) for (const { result } of states) if (result) console.log(`\n${resultText(result)}`);
  return 0;
}

async function cancel(id: string, tool: Tool): Promise<ExitCode> {
  const { client } = tool;
  await found(id, client);
  if (!(await cancelImport(client, id))) {
    console.error(t("status.endedBefore"));
    return 1;
  }
  const { status: end } = await followImport({ ...tool, id, cancel: new AbortController().signal });
  tool.view.clear();
  if (end !== "CANCELLED") {
    console.error(t("status.endedBefore"));
    return 1;
  }
  console.log(t("report.cancelled"));
  return 0;
}

async function found(id: string, client: Db): Promise<ImportState[]> {
  const state = await readImport(client, id);
  if (!state) throw new WrongArguments(t("argument.noImport", { id }));
  return [state];
}

/** Says how an import ended, and answers the exit code of that. */
function told({ result }: ImportState, { view }: Tool): ExitCode {
  view.clear();
  if (!result) {
    console.error(t("report.cancelled"));
    return 4;
  }
  if (result.status === "DONE") console.log(resultText(result));
  else console.error(resultText(result));
  return result.status === "DONE" ? 0 : result.status === "REFUSED" ? 1 : 3;
}

function resultText(result: NonNullable<ImportState["result"]>): string {
  switch (result.status) {
    case "DONE":
      return formatReport(result.report, locale, os.hostname());
    case "REFUSED":
      return formatRefusal(result.refusal, locale);
    case "FAILED":
      return t(`failure.${result.failure}`, { reason: result.reason ?? "" });
  }
}

function stateLine(state: ImportState): string {
  const { id, createdAt, status: is, dryRun } = state;
  const isOpen = is === "STORING" || is === "QUEUED" || is === "RUNNING";
  const said = isOpen ? progressLine(state, t, false) : t(`status.${is}`);
  const values = { id, at: createdAt.toISOString(), state: said };
  return t(dryRun ? "status.dryRun" : "status.line", values);
}

try {
  process.exitCode = await run(readArguments(process.argv.slice(2), t));
} catch (error) {
  if (!(error instanceof WrongArguments)) throw error;
  console.error([error.message, t("usage")].filter((line) => line !== "").join("\n"));
  process.exitCode = 2;
}
