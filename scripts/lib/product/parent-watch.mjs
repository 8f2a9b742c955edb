// Preloaded into web and worker: a supervisor that is killed with SIGKILL cannot stop its children, so they look after
// themselves. Without this they would go on for ever, holding the port and the database of the next start.
import { subscribe } from "node:diagnostics_channel";
import { isMainThread } from "node:worker_threads";
import { codeOf } from "../errors.mjs";

/** @import { IncomingMessage, ServerResponse } from "node:http" */

const EVERY_MS = 1_000;
const DRAIN_MS = 10_000;

if (isMainThread) {
  const supervisor = Number(process.env.CAMPUS_SUPERVISOR_PID);
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent && exists(supervisor)) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM"); // the same clean way out as when the supervisor asks for it
    setTimeout(() => process.kill(process.pid, "SIGKILL"), DRAIN_MS).unref();
  }, EVERY_MS);
  timer.unref();
}

/** @typedef {{ request: IncomingMessage, response: ServerResponse }} Exchange */

// The supervisor asks for readiness on a port that another program may have taken: the answer says which start it is of.
const startId = process.env.CAMPUS_START_ID;
if (startId) {
  subscribe("http.server.request.start", (message) => {
    const { request, response } = /** @type {Exchange} */ (message);
    if (request.url === "/api/health/ready") response.setHeader("x-campus-start", startId);
  });
}

/** @param {number} pid */
function exists(pid) {
  if (!pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}
