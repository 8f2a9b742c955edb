import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockFolder } from "../folder-lock.mjs";
import { writeRuntime } from "../product/runtime-file.mjs";
import { publicUrlOfRunningStart } from "./tool-database.mjs";

const DATABASE = "postgresql://campus@localhost:5555/campus";

describe("where the links of a tool lead", () => {
  /** @type {string} */
  let folder;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "campus-tool-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const runtime = (more = {}) =>
    writeRuntime(folder, { url: "http://localhost:4300", databaseUrl: DATABASE, supervisorPid: process.pid, ...more });

  it("is the address of the product that runs", async () => {
    const lock = await lockFolder(folder, { what: "npm start" });
    runtime();
    expect(publicUrlOfRunningStart(folder, DATABASE)).toBe("http://localhost:4300");
    runtime({ publicUrl: "https://campus.example.edu" });
    expect(publicUrlOfRunningStart(folder, DATABASE)).toBe("https://campus.example.edu");
    lock.release();
  });

  it("is not that of a product that ended, nor of one with another database", async () => {
    runtime();
    expect(publicUrlOfRunningStart(folder, DATABASE)).toBeUndefined();
    const lock = await lockFolder(folder, { what: "npm start" });
    expect(publicUrlOfRunningStart(folder, "postgresql://campus@db.example/other")).toBeUndefined();
    lock.release();
  });
});
