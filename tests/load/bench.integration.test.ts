import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAlive } from "@/scripts/lib/processes.mjs";
import { nodeArguments } from "@/scripts/lib/runtime.mjs";
import { eventually } from "@/tests/support/eventually";

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "campus-bench-test-"))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** The folders of the bench; the TypeScript loader has its cache beside them. */
const workFolders = () => fs.readdirSync(folder).filter((name) => name.startsWith("campus-bench-"));

/** The pid of the bench's own PostgreSQL, once it has one. */
function postmaster(): number | false {
  const [work] = workFolders();
  const file = path.join(folder, work ?? "", "services/postgres/postmaster.pid");
  return fs.existsSync(file) && Number(fs.readFileSync(file, "utf8").split("\n")[0]);
}

describe("npm run bench", () => {
  it.each(["SIGINT", "SIGKILL"] as const)(
    "leaves no database behind when %s ends it",
    async (signal) => {
      const bench = spawn(process.execPath, nodeArguments("tests/load/bench.ts"), {
        env: { ...process.env, TMPDIR: folder },
        stdio: "ignore",
      });
      const exit = once(bench, "exit");
      const pid = await eventually(postmaster, { timeoutMs: 60_000, what: "the database of the bench" });
      bench.kill(signal);
      const [code] = await exit;
      await eventually(() => !isAlive(Number(pid)), { timeoutMs: 20_000 });
      if (signal === "SIGKILL") return; // nobody is left who could tidy up the files
      expect(code).toBe(130);
      expect(workFolders()).toEqual([]);
    },
    120_000,
  );
});
