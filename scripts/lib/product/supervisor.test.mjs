import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { eventually } from "@/tests/support/eventually";
import { isAlive, signalProcess } from "../processes.mjs";
import { restartDelayMs, Supervisor } from "./supervisor.mjs";

/** @import { RememberedProcess } from "../processes.mjs" */

const run = (/** @type {string} */ code) => () =>
  spawn(process.execPath, ["-e", code], { stdio: "ignore", detached: true });
const STUBBORN = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";

describe("Supervisor", () => {
  it("starts again what ends, later each time", async () => {
    /** @type {string[]} */
    const deaths = [];
    const supervisor = new Supervisor({ onDeath: (name, how, failures) => deaths.push(`${name} ${how} ${failures}`) });
    supervisor.start("web", run("process.exit(3)"));
    await eventually(() => deaths.length === 2);
    await supervisor.stop(1_000);
    expect(deaths).toEqual(["web code 3 1", "web code 3 2"]);
    expect([1, 2, 3, 10].map(restartDelayMs)).toEqual([500, 1_000, 2_000, 30_000]);
  });

  it("kills what does not drain in time, with everything that it started", async () => {
    /** @type {RememberedProcess[]} */
    let processes = [];
    const supervisor = new Supervisor({ onChange: (now) => (processes = now) });
    supervisor.start(
      "worker",
      run(`require("child_process").spawn(process.execPath, ["-e", "${STUBBORN}"]); ${STUBBORN}`),
    );
    const { pid } = await eventually(() => processes[0]);
    await supervisor.stop(300);
    await eventually(() => !isAlive(pid) && !signalProcess(-pid, 0));
  });

  it("does not start again after it was stopped", async () => {
    let starts = 0;
    const supervisor = new Supervisor({ onChange: () => (starts += 1) });
    supervisor.start("web", run("setInterval(() => {}, 1000)"));
    await supervisor.stop(2_000);
    expect(starts).toBe(1);
  });
});
