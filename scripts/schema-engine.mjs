#!/usr/bin/env node
// Stand-in for Prisma's downloadable `schema-engine`: speaks the CLI's JSON-RPC over stdio and answers with
// @prisma/schema-engine-wasm, so that no binary has to be fetched from anywhere but npm. The protocol is private to
// Prisma: keep all its packages at one exact version, and the test beside this file green.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import readline from "node:readline";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as glue from "@prisma/schema-engine-wasm/schema_engine_bg";
import { codeOf, messageOf } from "./lib/errors.mjs";
import { MigrationAdapter, runOnce } from "./lib/prisma-adapter.mjs";

/** @import { DevDiagnosticInput, SchemaEngine } from "@prisma/schema-engine-wasm" */

/**
 * Of the parameters of a request, those that are read here.
 * @typedef {DevDiagnosticInput} Params
 */

/** @typedef {{ stdout?: string | null, exitCode?: number }} Diff */

/**
 * The engine by the names that the CLI asks for; what they get and answer is between the two of them.
 * @typedef {Record<string, ((params: object) => Promise<Diff | null | undefined>) | undefined>} Methods
 */

/**
 * What the CLI asks: a request of JSON-RPC.
 * @typedef {{ id: number, method?: string, params: Params }} Request
 */

/** @typedef {(message: object) => unknown} Send */

/**
 * The codes of PostgreSQL that are more to the CLI than "cannot reach".
 * @type {Record<string, string>}
 */
const PRISMA_CODES = { "3D000": "P1003", "28P01": "P1000" };

const options = readOptions(process.argv.slice(2));
if (options.version) {
  console.log(`schema-engine-cli ${(await loadEngine()).version()}`);
} else if (options.command) {
  process.exitCode = await runCommand(options.command, options.url);
} else {
  await serve();
}

/**
 * What the CLI says on the command line.
 * @typedef {object} Options
 * @property {string[]} datamodels
 * @property {string | undefined} url
 * @property {string | undefined} command
 * @property {boolean} version
 */

/** @param {string[]} args @returns {Options} */
function readOptions(args) {
  /** @type {Options} */
  const found = { datamodels: [], url: process.env.DATABASE_URL, command: undefined, version: false };
  const value = () => args.shift() ?? "";
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    if (arg === "--version" || arg === "-V") found.version = true;
    else if (arg === "cli") found.command = args.shift();
    else if (arg === "--datamodels") found.datamodels.push(value());
    else if (arg === "--datasource") found.url = /** @type {{ url?: string }} */ (JSON.parse(value())).url ?? found.url;
    else if (arg.startsWith("--")) args.shift();
  }
  return found;
}

async function loadEngine() {
  // The engine reports a Rust panic through this global and dies without it.
  const registry = {
    set_message(/** @type {string} */ message) {
      process.stderr.write(`schema engine panic: ${message}\n`);
    },
  };
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: registry });
  const entry = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm");
  const bytes = readFileSync(path.join(path.dirname(entry), "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  const start = /** @type {() => void} */ (instance.exports.__wbindgen_start);
  start();
  return glue;
}

/** @param {string} level @param {Record<string, string>} fields */
function logLine(level, fields) {
  process.stderr.write(`${JSON.stringify({ level, target: "schema_engine::logger", fields })}\n`);
}

/** @param {string} command @param {string | undefined} databaseUrl */
async function runCommand(command, databaseUrl) {
  logLine("INFO", { message: "schema-engine (wasm)" }); // the CLI skips the first line of these sub-commands
  const url = new URL(databaseUrl ?? "");
  url.search = "";
  const database = decodeURIComponent(url.pathname.slice(1));
  const quoted = `"${database.replaceAll('"', '""')}"`;
  const maintenance = new URL(url);
  maintenance.pathname = "/postgres";
  /** @type {Record<string, (() => Promise<unknown>) | undefined>} */
  const actions = {
    "can-connect-to-database": () => runOnce(url.href, "SELECT 1"),
    "create-database": () => runOnce(maintenance.href, `CREATE DATABASE ${quoted}`),
    "drop-database": () => runOnce(maintenance.href, `DROP DATABASE ${quoted}`),
  };
  try {
    const action = actions[command];
    if (!action) throw new Error(`unknown command ${command}`);
    await action();
    return 0;
  } catch (error) {
    const code = PRISMA_CODES[codeOf(error) ?? ""] ?? "P1001";
    const message =
      code === "P1003"
        ? `Database \`${database}\` does not exist`
        : `Can't reach database server at \`${url.host}\`: ${messageOf(error)}`;
    logLine("ERROR", { message, error_code: code });
    return 1;
  }
}

async function serve() {
  const engines = await loadEngine();
  /** @type {[string, string][]} */
  const datamodels = options.datamodels.map((file) => [file, readFileSync(file, "utf8")]);
  const adapter = new MigrationAdapter(options.url ?? "postgresql://nobody@127.0.0.1:1/none");
  const factory = bindMigrationAwareSqlAdapterFactory(adapter);
  const newEngine = () =>
    engines.SchemaEngine.new({ datamodels: datamodels.length ? datamodels : undefined }, () => {}, factory);
  /** @type {Send} */
  const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

  // One request at a time, in order: two at once would share the single connection.
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (!line.trim()) continue;
    const { id, method, params } = /** @type {Request} */ (JSON.parse(line));
    if (!method) continue;
    try {
      send({ id, result: await answer(newEngine, adapter, method, params, send) });
    } catch (error) {
      const data = { is_panic: false, message: messageOf(error), error_code: codeOf(error) };
      send({ id, error: { code: 4466, message: "An error happened. Check the data field for details.", data } });
    }
  }
  process.exit(0);
}

/**
 * What the engine answers to a request.
 * @param {() => Promise<SchemaEngine>} newEngine
 * @param {MigrationAdapter} adapter
 * @param {string} method
 * @param {Params} params
 * @param {Send} send
 */
async function answer(newEngine, adapter, method, params, send) {
  const engine = await newEngine(); // a used engine keeps a closed connection
  const call = method === "getDatabaseVersion" ? "version" : method;
  const methods = /** @type {Methods} */ (/** @type {object} */ (engine));
  if (typeof methods[call] !== "function") throw new Error(`the schema engine has no method ${method}`);
  try {
    // Only devDiagnostic can reach the shadow-database factory; it fills the cache that these two read from.
    if (method === "evaluateDataLoss" || method === "createMigration") {
      await engine.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters });
    }
    const result = await methods[call](params);
    if (method !== "diff") return result ?? null;
    if (result?.stdout != null) {
      send({ id: 1, method: "print", params: { content: result.stdout.replace(/\n$/, "") } });
    }
    return { exitCode: result?.exitCode };
  } finally {
    await adapter.dropShadows();
  }
}
