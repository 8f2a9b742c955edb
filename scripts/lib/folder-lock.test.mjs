import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FolderInUse, lockFolder, lockHolder } from "./folder-lock.mjs";
import { describeProcess } from "./processes.mjs";

/** @type {string} */
let folder;
const lockFile = () => path.join(folder, "supervisor.lock");
const plant = (/** @type {object} */ holder) => fs.writeFileSync(lockFile(), JSON.stringify(holder));

beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "campus-lock-"))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe("the lock of a data folder", () => {
  it("refuses a second holder and says who the first is", async () => {
    const lock = await lockFolder(folder, { what: "npm start", url: "http://localhost:3000" });
    const second = lockFolder(folder, { what: "npm start" });
    await expect(second).rejects.toThrow(FolderInUse);
    await expect(second).rejects.toThrow(`\`npm start\` (process ${process.pid}, since`);
    await expect(second).rejects.toThrow("at http://localhost:3000");
    lock.release();
    expect(lockHolder(folder)).toBeUndefined();
    (await lockFolder(folder, { what: "npm start" })).release();
  });

  it("takes over from a holder that died", async () => {
    const dead = spawnSync("true");
    plant({ pid: dead.pid, identity: "boot:1", what: "npm start" });
    const lock = await lockFolder(folder, { what: "npm start" });
    expect(lockHolder(folder)?.pid).toBe(process.pid);
    lock.release();
  });

  it("takes over when the pid of the holder belongs to another process now", async () => {
    plant({ ...describeProcess(process.ppid), identity: "another boot:1", what: "npm start" });
    (await lockFolder(folder, { what: "npm start" })).release();
  });

  it("takes over a lock file that is not readable", async () => {
    fs.writeFileSync(lockFile(), "{");
    (await lockFolder(folder, { what: "npm start" })).release();
  });

  it("lets exactly one of many starters take over a stale lock", async () => {
    plant({ pid: 2 ** 22 + 1, identity: "boot:1", what: "npm start" });
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, () => lockFolder(folder, { what: "npm start" })),
    );
    expect(attempts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("never removes the lock of somebody else", async () => {
    const lock = await lockFolder(folder, { what: "npm start" });
    plant({ ...describeProcess(process.ppid), what: "npm run dev" });
    lock.release();
    expect(lockHolder(folder)?.what).toBe("npm run dev");
  });
});
