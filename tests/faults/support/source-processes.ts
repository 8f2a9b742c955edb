// Processes that move events, for tests that kill them.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { nodeArguments, nodeBinary } from "@/scripts/lib/runtime.mjs";

/** A started process. */
export type SourceProcess = {
  child: ChildProcess;
  /** Kills it as a crash does and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to end; answers its exit code. */
  stop(): Promise<number | null>;
  /** What it has logged. */
  log(): string;
};

/** Starts `tests/faults/support/source-process.ts` with its arguments. */
export function startSource(args: string[], env: Record<string, string>): SourceProcess {
  return startProcess("tests/faults/support/source-process.ts", args, env);
}

/** Starts a TypeScript entry of this repository. */
export function startProcess(entry: string, args: string[], env: Record<string, string>): SourceProcess {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "campus-source-"));
  const logFile = path.join(dir, "log");
  const out = fs.openSync(logFile, "a");
  const quiet = ["--disable-warning=TimeoutNegativeWarning"];
  const child = spawn(nodeBinary(), [...quiet, ...nodeArguments(path.resolve(entry)), ...args], {
    env: { ...process.env, LOG_LEVEL: "info", ...env },
    stdio: ["ignore", out, out],
  });
  fs.closeSync(out);
  const gone = once(child, "exit");
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await gone;
  };
  return {
    child,
    kill: () => end("SIGKILL"),
    async stop() {
      await end("SIGTERM");
      return child.exitCode;
    },
    log: () => fs.readFileSync(logFile, "utf8"),
  };
}
