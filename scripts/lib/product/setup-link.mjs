// The link with which a school that has nobody yet is set up.
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { messageOf } from "../errors.mjs";
import { nodeArguments, nodeBinary, root } from "../runtime.mjs";

/**
 * The line with a new set-up link; undefined when the installation has an administrator, or the link cannot be made (said on
 * standard error; `npm run setup-link` makes one later).
 * @param {{ databaseUrl: string, env: Record<string, string> }} options
 * @returns {Promise<string | undefined>}
 */
export async function setupLine({ databaseUrl, env }) {
  const { isToBeSetUp } = await import("../services/database.mjs");
  if (!(await isToBeSetUp(databaseUrl))) return undefined;
  try {
    const tool = nodeArguments(path.join(root, "workers/tools/setup-link.ts"));
    const { stdout } = await promisify(execFile)(nodeBinary(), tool, { env: { ...process.env, ...env } });
    return stdout.trim();
  } catch (error) {
    console.error(`The link to set up a school could not be made: ${messageOf(error)}`);
    return undefined;
  }
}
