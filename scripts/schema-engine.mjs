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
import { MigrationAdapter, runOnce } from "./lib/prisma-adapter.mjs";

const options = readOptions(process.argv.slice(2));
if (options.version) {
  console.log(`schema-engine-cli ${(await loadEngine()).version()}`);
} else if (options.command) {
  process.exitCode = await runCommand(options.command, options.url);
} else {
  await serve();
}

function readOptions(args) {
  const found = { datamodels: [], url: process.env.DATABASE_URL, command: undefined, version: false };
  while (args.length) {
    const arg = args.shift();
    if (arg === "--version" || arg === "-V") found.version = true;
    else if (arg === "cli") found.command = args.shift();
    else if (arg === "--datamodels") found.datamodels.push(args.shift());
    else if (arg === "--datasource") found.url = JSON.parse(args.shift()).url ?? found.url;
    else if (arg.startsWith("--")) args.shift();
  }
  return found;
}

async function loadEngine() {
  // The engine reports a Rust panic through this global and dies without it.
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message(message) {
      process.stderr.write(`schema engine panic: ${message}\n`);
    },
  };
  const entry = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm");
  const bytes = readFileSync(path.join(path.dirname(entry), "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue;
}

function logLine(level, fields) {
  process.stderr.write(`${JSON.stringify({ level, target: "schema_engine::logger", fields })}\n`);
}

async function runCommand(command, databaseUrl) {
  logLine("INFO", { message: "schema-engine (wasm)" }); // the CLI skips the first line of these sub-commands
  const url = new URL(databaseUrl);
  url.search = "";
  const database = decodeURIComponent(url.pathname.slice(1));
  const quoted = `"${database.replaceAll('"', '""')}"`;
  const maintenance = new URL(url);
  maintenance.pathname = "/postgres";
  const actions = {
    "can-connect-to-database": () => runOnce(url.href, "SELECT 1"),
    "create-database": () => runOnce(maintenance.href, `CREATE DATABASE ${quoted}`),
    "drop-database": () => runOnce(maintenance.href, `DROP DATABASE ${quoted}`),
  };
  try {
    if (!actions[command]) throw new Error(`unknown command ${command}`);
    await actions[command]();
    return 0;
  } catch (error) {
    const code = { "3D000": "P1003", "28P01": "P1000" }[error.code] ?? "P1001";
    const message =
      code === "P1003"
        ? `Database \`${database}\` does not exist`
        : `Can't reach database server at \`${url.host}\`: ${error.message}`;
    logLine("ERROR", { message, error_code: code });
    return 1;
  }
}

async function serve() {
  const engines = await loadEngine();
  const datamodels = options.datamodels.map((file) => [file, readFileSync(file, "utf8")]);
  const adapter = new MigrationAdapter(options.url ?? "postgresql://nobody@127.0.0.1:1/none");
  const factory = bindMigrationAwareSqlAdapterFactory(adapter);
  const newEngine = () =>
    engines.SchemaEngine.new({ datamodels: datamodels.length ? datamodels : undefined }, () => {}, factory);
  const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

  // One request at a time, in order: two at once would share the single connection.
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (!line.trim()) continue;
    const { id, method, params } = JSON.parse(line);
    if (!method) continue;
    try {
      send({ id, result: await answer(newEngine, adapter, method, params, send) });
    } catch (error) {
      const data = { is_panic: false, message: String(error?.message ?? error), error_code: error?.code };
      send({ id, error: { code: 4466, message: "An error happened. Check the data field for details.", data } });
    }
  }
  process.exit(0);
}

async function answer(newEngine, adapter, method, params, send) {
  const engine = await newEngine(); // a used engine keeps a closed connection
  const call = method === "getDatabaseVersion" ? "version" : method;
  if (typeof engine[call] !== "function") throw new Error(`the schema engine has no method ${method}`);
  try {
    // Only devDiagnostic can reach the shadow-database factory; it fills the cache that these two read from.
    if (method === "evaluateDataLoss" || method === "createMigration") {
      await engine.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters });
    }
    const result = await engine[call](params);
    if (method !== "diff") return result ?? null;
    if (result.stdout != null) {
      send({ id: 1, method: "print", params: { content: result.stdout.replace(/\n$/, "") } });
    }
    return { exitCode: result.exitCode };
  } finally {
    await adapter.dropShadows();
  }
}
