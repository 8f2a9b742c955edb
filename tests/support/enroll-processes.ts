import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import readline from "node:readline";

/** One act of one student: `id` is the section to enroll in, or the enrollment to drop. */
export type ProcessCall = {
  call: number;
  act: "enroll" | "drop";
  studentId: string;
  schoolId: string;
  id: string;
};
/** `ok`, an error code, or `lost` when the process died before it answered (then either may be true). */
export type ProcessAnswer = { call: number; result: string; id?: string };

export interface EnrollProcess {
  /** Sends all calls at once and waits for all answers. */
  send(calls: readonly Omit<ProcessCall, "call">[]): Promise<ProcessAnswer[]>;
  /** Kills it as a crash does. */
  kill(): void;
  /** Number of answers so far. */
  answered(): number;
  stop(): Promise<void>;
}

/** Starts a Node process with its own connection pool and its own queues on the database of this test file. */
export async function startEnrollProcess(): Promise<EnrollProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", path.resolve(import.meta.dirname, "enroll-process.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
    env: process.env,
  });
  const open = new Map<number, (answer: ProcessAnswer) => void>();
  let next = 0;
  let answered = 0;
  const lines = readline.createInterface({ input: child.stdout });
  const ready = new Promise<void>((resolve, reject) => {
    child.once("exit", () => reject(new Error("the process ended before it was ready")));
    open.set(-1, () => resolve());
  });
  lines.on("line", (line) => {
    const answer = JSON.parse(line) as ProcessAnswer;
    if (answer.call >= 0) answered++;
    open.get(answer.call)?.(answer);
    open.delete(answer.call);
  });
  lines.on("close", () => {
    for (const [call, settle] of open) settle({ call, result: "lost" });
    open.clear();
  });
  child.stdin.on("error", () => undefined); // a killed process reads no more; its answers are "lost"
  await ready;
  return {
    send(calls) {
      const numbered = calls.map((call) => ({ ...call, call: next++ }));
      const answers = numbered.map((call) => new Promise<ProcessAnswer>((settle) => open.set(call.call, settle)));
      child.stdin.write(`${JSON.stringify(numbered)}\n`);
      return Promise.all(answers);
    },
    kill: () => void child.kill("SIGKILL"),
    answered: () => answered,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.stdin.end();
      await once(child, "exit");
    },
  };
}
