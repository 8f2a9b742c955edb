import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fingerprint, isInstalled } from "./prepare.mjs";

describe("isInstalled", () => {
  const lock = {
    packages: {
      "": { name: "campusos" },
      "node_modules/a": { version: "1.0.0" },
      "node_modules/b": { version: "2.0.0", optional: true },
    },
  };

  it("wants every package in the version of the lock file, except optional ones of other platforms", () => {
    expect(isInstalled(lock, undefined)).toBe(false);
    expect(isInstalled(lock, { packages: {} })).toBe(false);
    expect(isInstalled(lock, { packages: { "node_modules/a": { version: "1.0.1" } } })).toBe(false);
    expect(isInstalled(lock, { packages: { "node_modules/a": { version: "1.0.0" } } })).toBe(true);
  });

  it("wants the optional packages that are made for this platform", () => {
    /** @param {string} location @param {{ os?: string | string[], cpu?: string | string[], libc?: string[] }} platform */
    const made = (location, platform) => ({
      packages: { [location]: { version: "1.0.0", optional: true, ...platform } },
    });
    const platform = { os: "linux", cpu: "x64", libc: "glibc" };
    const isComplete = (/** @type {Parameters<typeof isInstalled>[0]} */ wanted) =>
      isInstalled(wanted, { packages: {} }, { platform });
    expect(isComplete(made("node_modules/pg", { os: ["linux"], cpu: ["x64"] }))).toBe(false);
    expect(isComplete(made("node_modules/node", { os: "linux", cpu: "x64" }))).toBe(false);
    expect(isComplete(made("node_modules/swc", { os: ["linux"], cpu: ["x64"], libc: ["glibc"] }))).toBe(false);
    expect(isComplete(made("node_modules/swc", { os: ["linux"], cpu: ["x64"], libc: ["musl"] }))).toBe(true);
    expect(isComplete(made("node_modules/pg", { os: ["darwin"], cpu: ["x64"] }))).toBe(true);
    expect(isComplete(made("node_modules/pg", { os: ["linux"], cpu: ["arm64"] }))).toBe(true);
    expect(isComplete(made("node_modules/wasm", { cpu: ["wasm32"] }))).toBe(true);
  });

  it("does not believe the record of a folder that is gone", () => {
    const installed = { packages: { "node_modules/a": { version: "1.0.0" } } };
    expect(isInstalled(lock, installed, { exists: () => true })).toBe(true);
    expect(isInstalled(lock, installed, { exists: (location) => location !== "node_modules/a" })).toBe(false);
  });

  it("does not accept an old version of an optional package", () => {
    const packages = { "node_modules/a": { version: "1.0.0" }, "node_modules/b": { version: "1.9.0" } };
    expect(isInstalled(lock, { packages })).toBe(false);
  });
});

describe("fingerprint", () => {
  /** @type {string} */
  let base;
  /** @param {string} file @param {string} text */
  const write = (file, text) => {
    fs.mkdirSync(path.dirname(path.join(base, file)), { recursive: true });
    fs.writeFileSync(path.join(base, file), text);
  };
  const hash = () => fingerprint(["app", "absent"], { base, skip: (file) => file.endsWith(".test.ts") });
  beforeEach(() => (base = fs.mkdtempSync(path.join(os.tmpdir(), "campus-fingerprint-"))));
  afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

  it("changes with a content, a name and a new file, and with nothing else", () => {
    write("app/a/page.tsx", "one");
    const first = hash();
    write("other/file.ts", "x");
    write("app/a/page.test.ts", "x");
    fs.utimesSync(path.join(base, "app/a/page.tsx"), 1, 1);
    expect(hash()).toBe(first);
    write("app/a/page.tsx", "two");
    const second = hash();
    write("app/b.tsx", "");
    expect(new Set([first, second, hash()]).size).toBe(3);
  });
});
