import { spawn } from "node:child_process";
import http from "node:http";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { isReady } from "./product-processes.mjs";

/** @import { AddressInfo } from "node:net" */

const WATCH = new URL("./parent-watch.mjs", import.meta.url).href;
const SERVER = `
const server = require("node:http").createServer((request, response) => response.end("{}"));
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
`;

describe("isReady", () => {
  it("believes the process that was started for it, and no other program on the port", async () => {
    const child = spawn(process.execPath, ["--import", WATCH, "-e", SERVER], {
      env: { ...process.env, CAMPUS_START_ID: "this-start" },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const [port] = await once(child, "message");
    const url = `http://127.0.0.1:${port}`;
    let answer;
    expect(await isReady(url, { startId: "this-start" })).toBe(true);
    expect(await isReady(url, { startId: "an earlier one", onAnswer: (said) => (answer = said) })).toBe(false);
    expect(answer).toBe("another program answers on this port");
    // Only the supervisor's question is answered with it.
    expect((await fetch(`${url}/login`)).headers.has("x-campus-start")).toBe(false);
    child.kill("SIGKILL");
    await once(child, "exit");
  });

  it("says what a server that is not ready answered", async () => {
    const server = http.createServer((_request, response) => response.writeHead(503).end("no database"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    let answer;
    const { port } = /** @type {AddressInfo} */ (server.address());
    const url = `http://127.0.0.1:${port}`;
    expect(await isReady(url, { onAnswer: (said) => (answer = said) })).toBe(false);
    expect(answer).toBe("503 no database");
    server.close();
  });
});
