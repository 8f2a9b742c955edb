import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import pg from "pg";
import { messageOf } from "../errors.mjs";
import { startPostgres, THROW_AWAY_SETTINGS } from "./postgres.mjs";
import { embeddedBinaries } from "./postgres-binaries.mjs";

/** @import { PostgresOptions } from "./postgres.mjs" */
/** @import { Binaries } from "./postgres-binaries.mjs" */

/** @type {string} */
let base;
/** @type {string} */
let dataDir;
/** @param {Partial<PostgresOptions>} [options] */
const start = (options) =>
  startPostgres({
    dataDir,
    logFile: path.join(base, "postgres.log"),
    settings: THROW_AWAY_SETTINGS,
    diesWithParent: true,
    ...options,
  });
/** @param {Awaited<ReturnType<typeof start>>} server */
async function answerOf(server) {
  const client = new pg.Client({ connectionString: server.url("postgres") });
  await client.connect();
  const { rows } = await client.query("SELECT 6 * 7 AS answer");
  await client.end();
  return rows[0].answer;
}

beforeEach(() => {
  base = fs.mkdtempSync(path.join(os.tmpdir(), "campus postgres-"));
  dataDir = path.join(base, "data/postgres");
  fs.mkdirSync(path.join(base, "data"), { mode: 0o700 });
});
afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

describe("a cluster of our own", () => {
  it("is made where nothing is, or an empty folder", async () => {
    fs.mkdirSync(dataDir);
    const server = await start();
    expect(await answerOf(server)).toBe(42);
    await server.stop();
    expect(fs.readdirSync(path.join(base, "data"))).toEqual(["postgres"]);
  });

  it("deletes nothing that it did not make", async () => {
    fs.mkdirSync(path.join(dataDir, "base"), { recursive: true });
    fs.writeFileSync(path.join(dataDir, "base/precious"), "data");
    await expect(start()).rejects.toThrow(/is not empty, and not a PostgreSQL data folder.*left as it is/);
    expect(fs.readFileSync(path.join(dataDir, "base/precious"), "utf8")).toBe("data");

    const draft = `${dataDir}.init`;
    fs.rmSync(dataDir, { recursive: true });
    fs.mkdirSync(draft);
    fs.writeFileSync(path.join(draft, "precious"), "data");
    await expect(start()).rejects.toThrow("is in the way of making a database: move it away");
    expect(fs.readFileSync(path.join(draft, "precious"), "utf8")).toBe("data");
  });

  it("is made anew when a crash left it half made", async () => {
    fs.mkdirSync(`${dataDir}.init/cluster/base`, { recursive: true });
    fs.writeFileSync(`${dataDir}.init/unfinished`, "");
    const server = await start();
    expect(await answerOf(server)).toBe(42);
    await server.stop();
  });

  it("says what to do when it does not start, and for a version or an owner that is not ours", async () => {
    await (await start()).stop();
    const control = path.join(dataDir, "global/pg_control");
    const healthy = fs.readFileSync(control);
    fs.writeFileSync(control, Buffer.alloc(healthy.length, 7));
    await expect(start()).rejects.toThrow(/did not start[\s\S]*Nothing in .* was deleted[\s\S]*mv ".*" ".*\.damaged"/);
    fs.writeFileSync(control, healthy);

    fs.renameSync(path.join(dataDir, "campus.password"), path.join(base, "password"));
    await expect(start()).rejects.toThrow("has no campus.password: another program made it");
    fs.renameSync(path.join(base, "password"), path.join(dataDir, "campus.password"));

    fs.writeFileSync(path.join(dataDir, "PG_VERSION"), "12\n");
    await expect(start()).rejects.toThrow(/was made by PostgreSQL 12, and this one is \d+/);
  });
});

// As root where user namespaces are forbidden, as in many containers; an ordinary user goes the usual way here.
describe("without user namespaces", () => {
  const isRoot = process.getuid?.() === 0;
  /** @type {Binaries} */
  let binaries;
  beforeEach(() => {
    vi.stubEnv("CAMPUS_NO_USER_NAMESPACE", "1");
    // A copy, because the clone itself may be where no other account gets in.
    const native = path.dirname(path.dirname(embeddedBinaries().postgres));
    fs.cpSync(native, path.join(base, "native"), { recursive: true, verbatimSymlinks: true });
    binaries = { initdb: path.join(base, "native/bin/initdb"), postgres: path.join(base, "native/bin/postgres") };
  });

  it("runs as another account below a folder that is closed to it", async () => {
    fs.chmodSync(base, 0o711);
    const server = await start({ binaries });
    expect(await answerOf(server)).toBe(42);
    if (isRoot) expect(fs.statSync(`/proc/${server.pid}`).uid).not.toBe(0);
    await server.stop();
    expect(fs.statSync(path.join(base, "data")).mode & 0o777).toBe(isRoot ? 0o711 : 0o700);
    // And back: the folder of an account is taken over with namespaces again.
    vi.stubEnv("CAMPUS_NO_USER_NAMESPACE", "0");
    const again = await start({ binaries });
    expect(await answerOf(again)).toBe(42);
    await again.stop();
  });

  it("names the folder that keeps the account out", async () => {
    fs.chmodSync(base, 0o700);
    const outcome = await start({ binaries }).then((server) => server.stop(), messageOf);
    if (isRoot)
      expect(outcome).toContain(`may not enter ${base} on its way to the data folder. Allow it with: chmod o+x`);
    else expect(outcome).toBeUndefined();
  });
});
