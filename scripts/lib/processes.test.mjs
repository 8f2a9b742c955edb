import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { freePorts, portProblem } from "./ports.mjs";
import { isAlive, pidOf, signalProcess, waitUntil } from "./processes.mjs";

// Much memory takes a moment to give back, in which the first thread is a zombie already.
const SERVER = `
const memory = Buffer.alloc(200e6, 1);
process.on("SIGTERM", () => process.exit(0));
require("node:http").createServer().listen(Number(process.argv[1]), () => console.log(memory.length));
`;

it.each(/** @type {const} */ (["SIGKILL", "SIGTERM"]))(
  "a process that ended by %s is dead only when its port can be had again",
  async (signal) => {
    const problems = [];
    for (let round = 0; round < 8; round++) {
      const [port = 0] = await freePorts(1);
      const child = spawn(process.execPath, ["-e", SERVER, String(port)], { stdio: ["ignore", "pipe", "inherit"] });
      await once(child.stdout, "data");
      signalProcess(pidOf(child), signal);
      expect(await waitUntil(() => !isAlive(pidOf(child)), 10_000, 0)).toBe(true);
      problems.push(await portProblem(port));
    }
    expect(problems).toEqual(Array(8).fill(undefined));
  },
);
