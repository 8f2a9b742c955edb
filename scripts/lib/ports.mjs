// Free and taken TCP ports of this machine.
import { once } from "node:events";
import net from "node:net";
import { codeOf } from "./errors.mjs";
import { waitUntil } from "./processes.mjs";

/**
 * Why nothing can listen on `port`: an error code such as EADDRINUSE or EACCES; undefined when something can. `host`
 * undefined asks for every address, as the web server does.
 * @param {number} port
 * @param {string} [host]
 * @returns {Promise<string | undefined>}
 */
export function portProblem(port, host) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", (error) => resolve(codeOf(error) ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/**
 * True when something can listen on `port`, as {@link portProblem} sees it.
 * @param {number} port
 * @param {string} [host]
 */
export const isPortFree = async (port, host) => (await portProblem(port, host)) === undefined;

/**
 * True when something answers on `port` of this machine.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function isListening(port, timeoutMs = 1_000) {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: "127.0.0.1", timeout: timeoutMs });
    const finish = (/** @type {boolean} */ answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
    socket.once("timeout", () => finish(false));
  });
}

/**
 * A free port on 127.0.0.1: the preferred one when it is free, else one that the system picks. Somebody else can still
 * take it before it is used, so the caller must treat "address in use" as a reason to ask again.
 * @param {number} [preferred]
 * @returns {Promise<number>}
 */
export async function freePort(preferred) {
  // A server that was just killed still holds its port for a moment, even when it looks dead.
  if (preferred && (await waitUntil(() => isPortFree(preferred, "127.0.0.1"), 1_000))) return preferred;
  const [port] = /** @type {[number]} */ (await freePorts(1));
  return port;
}

/**
 * `count` different free ports on 127.0.0.1.
 * @param {number} count
 */
export async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer();
      server.listen({ port: 0, host: "127.0.0.1", exclusive: true });
      await once(server, "listening"); // rejects on "error"
      return server;
    }),
  );
  const ports = servers.map((server) => /** @type {net.AddressInfo} */ (server.address()).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * Parses the PORT setting; throws a sentence that names the bad value.
 * @param {string | undefined} value
 * @param {number} fallback
 */
export function parsePort(value, fallback) {
  if (value === undefined || value === "") return fallback;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new Error(`PORT must be a number from 1 to 65535, it is "${value}".`);
}
