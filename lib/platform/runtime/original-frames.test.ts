import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { originalFrames } from "./original-frames";

let folder: string;
let built: string;
const { sourceMapsEnabled } = process;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "campus-frames-"));
  built = path.join(folder, "chunk.js");
  // The second column of the built line is line 3, column 5 of the source.
  const map = { version: 3, sources: ["src/page.ts"], names: [], mappings: "CAEI" };
  fs.writeFileSync(`${built}.map`, JSON.stringify(map));
  process.setSourceMapsEnabled(false);
});
afterEach(() => {
  process.setSourceMapsEnabled(sourceMapsEnabled);
  fs.rmSync(folder, { recursive: true, force: true });
});

describe("frames of a stack", () => {
  it("name the source where Node reads no maps itself", () => {
    expect(originalFrames([`    at boom (${built}:1:2)`])).toEqual(["    at boom (src/page.ts:3:5)"]);
  });

  it("stay as they are without a map, or with one that cannot be read", () => {
    const torn = path.join(folder, "torn.js");
    fs.writeFileSync(`${torn}.map`, "{");
    const frames = [
      "    at node:internal/x:1:2",
      `    at ${folder}/other.js:1:2`,
      `    at a (${torn}:1:2)`,
      "at <anonymous>",
    ];
    expect(originalFrames(frames)).toEqual(frames);
  });

  it("are right already where Node reads the maps", () => {
    process.setSourceMapsEnabled(true);
    const frame = `    at again (${built}:1:2)`;
    expect(originalFrames([frame])).toEqual([frame]);
  });
});
