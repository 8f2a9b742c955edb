import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "@/tests/support/eventually";
import { aloneInRepository, preparationFolder, runCommand } from "./preparation.mjs";
import { describeProcess, isAlive, isSame, pidOf, signalProcess } from "../processes.mjs";

/** @import { CommandOptions, EndCommand } from "./preparation.mjs" */

const FOR_EVER = "setInterval(() => {}, 1000)";
const STUBBORN = `process.on("SIGTERM", () => {}); require("node:fs").writeFileSync("runs", ""); ${FOR_EVER}`;

/** @type {string} */
let base;
const logFile = () => path.join(base, "logs/step.log");
/** @param {string} code @param {Partial<CommandOptions>} [options] */
const step = (code, options) =>
  runCommand("The step", process.execPath, ["-e", code], { logFile: logFile(), base, ...options });

beforeEach(() => (base = fs.mkdtempSync(path.join(os.tmpdir(), "campus-preparation-"))));
afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

describe("the preparation of a repository", () => {
  it("is done once, however many ask for it at the same time, and nobody asks twice", async () => {
    let done = false;
    /** @type {string[]} */
    const said = [];
    /** @type {string[]} */
    const works = [];
    const ask = () =>
      aloneInRepository({
        base,
        what: "building",
        say: (text) => said.push(text),
        isDone: () => done,
        async work() {
          works.push("began");
          await eventually(() => said.length === 2); // the others have come and wait
          works.push("ended");
          done = true;
        },
      });
    expect((await Promise.all([ask(), ask(), ask()])).sort()).toEqual([false, false, true]);
    expect(works).toEqual(["began", "ended"]);
    expect(said[0]).toBe(`Waiting for process ${process.pid} (building) in this folder …`);
  });

  it("ends a command of a killed start before it begins its own", async () => {
    const left = spawn(process.execPath, ["-e", FOR_EVER], { detached: true, stdio: "ignore" });
    fs.mkdirSync(preparationFolder(base), { recursive: true });
    const file = path.join(preparationFolder(base), "command.json");
    fs.writeFileSync(file, JSON.stringify(describeProcess(pidOf(left))));
    let aliveAtWork;
    await aloneInRepository({
      base,
      what: "building",
      say: () => {},
      isDone: () => false,
      work: async () => (aliveAtWork = isAlive(pidOf(left))),
    });
    expect(aliveAtWork).toBe(false);
    expect(fs.existsSync(file)).toBe(false);
  });

  it("leaves a process alone that only has the number of the command", async () => {
    const other = spawn(process.execPath, ["-e", FOR_EVER], { detached: true, stdio: "ignore" });
    fs.mkdirSync(preparationFolder(base), { recursive: true });
    const file = path.join(preparationFolder(base), "command.json");
    fs.writeFileSync(file, JSON.stringify({ pid: other.pid, identity: "another boot:1" }));
    await aloneInRepository({ base, what: "building", say: () => {}, isDone: () => false, work: async () => {} });
    expect(isAlive(pidOf(other))).toBe(true);
    signalProcess(pidOf(other), "SIGKILL");
  });

  it("remembers its command while it runs", async () => {
    fs.mkdirSync(preparationFolder(base), { recursive: true });
    const file = path.join(preparationFolder(base), "command.json");
    /** @type {EndCommand} */
    let end = async () => {};
    const run = step(FOR_EVER, { remembered: true, onSpawn: (how) => void (end = how) });
    expect(isSame(JSON.parse(fs.readFileSync(file, "utf8")))).toBe(true);
    await Promise.all([end(), expect(run).rejects.toThrow("The step failed (SIGTERM)")]);
    expect(fs.existsSync(file)).toBe(false);
  });

  it("has ended when the one who ended it goes on, also when it does not want to", async () => {
    /** @type {EndCommand} */
    let end = async () => {};
    const run = step(STUBBORN, { onSpawn: (how) => void (end = how) });
    const failed = expect(run).rejects.toThrow("The step failed (SIGKILL)");
    await eventually(() => fs.existsSync(path.join(base, "runs")));
    const patient = end(); // would wait ten seconds
    await end({ now: true });
    await patient;
    await failed;
  });

  it("shows the end of its log when it fails", async () => {
    await expect(step(`console.error("the reason"); process.exit(3)`)).rejects.toThrow(
      `The step failed (3). The end of ${logFile()}:\nthe reason`,
    );
  });
});
