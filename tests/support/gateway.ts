// The gateway's own configuration, run by a real nginx before servers of a test.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { isListening } from "@/scripts/lib/ports.mjs";
import { eventually } from "./eventually";

const NGINX = "/usr/sbin/nginx";

/** A running gateway. */
export interface Gateway {
  url: string;
  /** What it has written so far. */
  logs(): { access: string; error: string };
  stop(): Promise<void>;
}

/** Starts nginx on `port` before two web servers on `webPorts`; `edit` may shorten time-outs of the configuration. */
export async function startGateway(
  port: number,
  webPorts: readonly [number, number],
  edit: (config: string) => string = (config) => config,
): Promise<Gateway> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "campus-gateway-"));
  const config = edit(fs.readFileSync("deploy/nginx/nginx.conf", "utf8"))
    .replace("web-1:3000", `127.0.0.1:${webPorts[0]}`)
    .replace("web-2:3000", `127.0.0.1:${webPorts[1]}`)
    .replace("listen 8080", `listen 127.0.0.1:${port}`)
    .replaceAll("/tmp/nginx", `${dir}/nginx`)
    .replace("/dev/stdout", `${dir}/access.log`)
    .replace("/dev/stderr", `${dir}/error.log`);
  const file = path.join(dir, "nginx.conf");
  fs.writeFileSync(file, config);
  const check = spawnSync(NGINX, ["-t", "-c", file], { encoding: "utf8" });
  if (!check.stderr.includes("test is successful")) throw new Error(check.stderr);
  const nginx = spawn(NGINX, ["-c", file, "-g", "daemon off;"], { stdio: "ignore" });
  await eventually(() => isListening(port), { what: "nginx to listen" });
  return {
    url: `http://127.0.0.1:${port}`,
    logs() {
      const read = (name: string) => fs.readFileSync(path.join(dir, `${name}.log`), "utf8");
      return { access: read("access"), error: read("error") };
    },
    async stop() {
      const exited = once(nginx, "exit");
      nginx.kill("SIGQUIT");
      await exited;
      fs.rmSync(dir, { recursive: true, force: true });
    },
  };
}
