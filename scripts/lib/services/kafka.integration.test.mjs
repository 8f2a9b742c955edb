import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { prepareKafka } from "./kafka.mjs";

/** @type {string} */
let dir;
beforeEach(() => (dir = fs.mkdtempSync(path.join(os.tmpdir(), "campus-cluster-"))));
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

it("takes no data from nodes that run when the file that names their cluster is gone", async () => {
  fs.mkdirSync(path.join(dir, "node-1"));
  fs.writeFileSync(path.join(dir, "node-1/precious"), "data");
  await expect(prepareKafka({ dir, count: 1, running: true })).rejects.toThrow("cluster.json is gone while nodes run");
  expect(fs.readFileSync(path.join(dir, "node-1/precious"), "utf8")).toBe("data");
});
