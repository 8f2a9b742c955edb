// What `npm start` decides before it touches anything: settings, and the sentences for the ways in which it cannot start.
import fs from "node:fs";
import path from "node:path";
import { codeOf } from "../errors.mjs";
import { freePort, parsePort, portProblem } from "../ports.mjs";
import { root } from "../runtime.mjs";

/** Reads `.env` of the repository; variables that are set already win. */
export function loadEnvironmentFile() {
  const file = path.join(root, ".env");
  if (fs.existsSync(file)) process.loadEnvFile(file);
}

/** @typedef {ReturnType<typeof readStartOptions>} StartOptions */

/**
 * The settings of a start. Throws a sentence for a value that cannot be meant.
 * @param {Record<string, string | undefined>} [env]
 * @param {string[]} [args]
 */
export function readStartOptions(env = process.env, args = []) {
  const databaseUrl = env.DATABASE_URL || undefined;
  if (databaseUrl) assertDatabaseUrl(databaseUrl);
  const demo = env.CAMPUS_DEMO || (databaseUrl ? "0" : "1");
  if (demo !== "0" && demo !== "1") throw new Error(`CAMPUS_DEMO must be 0 or 1, it is "${demo}".`);
  const unknown = args.filter((arg) => arg !== "--dev");
  if (unknown.length > 0) throw new Error(`Unknown argument ${unknown[0]}. The port is set with PORT=3001 npm start.`);
  const port = parsePort(env.PORT, 3000);
  return {
    port,
    databaseUrl,
    demo: demo === "1",
    // The demo's passwords are public: only this machine sees it unless somebody says so.
    host: env.CAMPUS_HOST || (demo === "1" ? "127.0.0.1" : undefined),
    dev: args.includes("--dev"),
    dataDir: path.resolve(root, env.CAMPUS_DATA_DIR || ".campus"),
    publicUrl: env.PUBLIC_URL || `http://localhost:${port}`,
  };
}

/**
 * The value is not repeated: it has a password in it.
 * @param {string} url
 */
function assertDatabaseUrl(url) {
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return;
  throw new Error("DATABASE_URL must be the address of a PostgreSQL: postgresql://user:password@host:5432/campus");
}

/**
 * Throws a sentence that names a port to take instead when we cannot listen on `port`.
 * @param {number} port
 * @param {(port: number) => Promise<string | undefined>} [problemOf]
 */
export async function assertPortFree(port, problemOf = portProblem) {
  const problem = await problemOf(port);
  if (problem === undefined) return;
  if (problem === "EACCES") {
    throw new Error(`Port ${port} is not for ordinary users on this system. Choose another one: PORT=3000 npm start`);
  }
  let other = port + 1;
  while (other <= 65_535 && (await problemOf(other)) !== undefined) other++;
  if (other > 65_535) other = await freePort();
  throw new Error(`Port ${port} is taken by another program. Choose another one: PORT=${other} npm start`);
}

const PROBE_BYTES = 1_000_000; // an empty file fits on a full disk

/**
 * Makes the data folder (0700) and throws a sentence when it cannot be written.
 * @param {string} dataDir
 */
export function prepareDataFolder(dataDir) {
  const probe = path.join(dataDir, `.probe-${process.pid}`);
  try {
    fs.mkdirSync(path.join(dataDir, "logs"), { recursive: true, mode: 0o700 });
    try {
      fs.writeFileSync(probe, Buffer.alloc(PROBE_BYTES));
    } finally {
      fs.rmSync(probe, { force: true });
    }
  } catch (error) {
    throw new Error(dataFolderSentence(dataDir, codeOf(error)));
  }
}

/**
 * The sentence for a data folder that cannot be written.
 * @param {string} dataDir
 * @param {string | undefined} code
 */
export function dataFolderSentence(dataDir, code) {
  if (code === "ENOSPC" || code === "EDQUOT")
    return `The disk of the data folder ${dataDir} is full. Make room, or choose another folder with CAMPUS_DATA_DIR.`;
  return `The data folder ${dataDir} cannot be written (${code}). Choose another one with CAMPUS_DATA_DIR.`;
}

/** @typedef {{ role: string, name: string, email: string, password: string }} Account */

/**
 * The table of demo accounts, one of each role; an empty string without accounts.
 * @param {Account[]} accounts
 */
export function accountsText(accounts) {
  const roles = ["ADMIN", "TEACHER", "STUDENT", "GUARDIAN"];
  const shown = roles.flatMap((role) => accounts.find((account) => account.role.toUpperCase() === role) ?? []);
  if (shown.length === 0) return "";
  const column = (/** @type {keyof Account} */ key) => Math.max(...shown.map((account) => account[key].length));
  const [role, name, email] = [column("role"), column("name"), column("email")];
  const lines = shown.map(
    (account) =>
      `  ${account.role.padEnd(role)}  ${account.name.padEnd(name)}  ${account.email.padEnd(email)}  ${account.password}`,
  );
  return ["Demo accounts (role, name, e-mail, password):", ...lines].join("\n");
}
