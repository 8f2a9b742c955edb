// Keeps processes running: one that dies is started again, later each time; all of them are stopped together.
import { describeProcess, signalProcess, sleep, waitUntil } from "../processes.mjs";

/** @import { RememberedProcess } from "../processes.mjs" */
/** @import { ChildProcess } from "node:child_process" */

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;
const STEADY_MS = 60_000;

/**
 * How long to wait before start number `failures` + 1: doubles from half a second up to half a minute.
 * @param {number} failures
 */
export const restartDelayMs = (failures) => Math.min(FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1), MAX_DELAY_MS);

/** @typedef {() => ChildProcess} Spawn */

/**
 * Whom a supervisor tells.
 * @typedef {object} Listeners
 * @property {(name: string, how: string, failures: number) => void} [onDeath]
 * @property {(processes: RememberedProcess[]) => void} [onChange]
 */

/**
 * A group of processes by name. `onDeath(name, how, failures)` is told of every unexpected end; `onChange(processes)` of
 * every start, with what is needed to find the processes again after a crash of the supervisor itself.
 */
export class Supervisor {
  /** @type {Map<string, RememberedProcess>} */
  #children = new Map();
  #stopping = false;
  #onDeath;
  #onChange;

  /** @param {Listeners} [listeners] */
  constructor({ onDeath = () => {}, onChange = () => {} } = {}) {
    this.#onDeath = onDeath;
    this.#onChange = onChange;
  }

  /**
   * Starts `name` by calling `spawn()`, now and after each death.
   * @param {string} name
   * @param {Spawn} spawn
   */
  start(name, spawn) {
    void this.#run(name, spawn);
  }

  /** @param {string} name @param {Spawn} spawn */
  async #run(name, spawn) {
    let failures = 0;
    while (!this.#stopping) {
      const startedAt = Date.now();
      const how = await this.#once(name, spawn);
      if (this.#stopping) return;
      failures = Date.now() - startedAt > STEADY_MS ? 1 : failures + 1;
      this.#onDeath(name, how, failures);
      await sleep(restartDelayMs(failures));
    }
  }

  /** @param {string} name @param {Spawn} spawn @returns {Promise<string>} how it ended */
  #once(name, spawn) {
    return new Promise((resolve) => {
      const child = spawn();
      const finish = (/** @type {string} */ how) => {
        this.#children.delete(name);
        // What it left in its process group (a compiler, a watcher) must not outlive it.
        if (child.pid) signalProcess(-child.pid, "SIGKILL");
        resolve(how);
      };
      child.once("error", (error) => finish(error.message));
      child.once("exit", (code, signal) => finish(signal ?? `code ${code}`));
      if (!child.pid) return;
      this.#children.set(name, describeProcess(child.pid));
      this.#onChange([...this.#children.values()]);
    });
  }

  /**
   * Ends all of them: SIGTERM to each process group, SIGKILL to those that still run after `drainMs`.
   * @param {number} drainMs
   */
  async stop(drainMs) {
    this.#stopping = true;
    for (const { pid } of this.#children.values()) signalProcess(-pid, "SIGTERM");
    if (await waitUntil(() => this.#children.size === 0, drainMs)) return;
    this.kill();
    await waitUntil(() => this.#children.size === 0, 5_000);
  }

  /** Ends all of them at once. */
  kill() {
    this.#stopping = true;
    for (const { pid } of this.#children.values()) signalProcess(-pid, "SIGKILL");
  }
}
