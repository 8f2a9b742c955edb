import { afterEach, describe, expect, it, vi } from "vitest";
import { ensurePrograms, PROGRAMS } from "./packages.mjs";

afterEach(() => vi.restoreAllMocks());

describe("programs that npm cannot bring", () => {
  it("are not installed where that is forbidden: the sentence says what is missing and how to mend it", () => {
    vi.stubEnv("CAMPUS_INSTALL_PROGRAMS", "0");
    vi.spyOn(PROGRAMS.redis, "isPresent").mockReturnValue(false);
    /** @type {string[]} */
    const said = [];
    expect(() => ensurePrograms(["redis"], { log: (text) => said.push(text) })).toThrow(
      "Missing: redis-server. Install it with: sudo apt-get install -y --no-install-recommends redis-server",
    );
    expect(said).toEqual([]);
  });

  it("are nothing to speak of when they are there", () => {
    vi.spyOn(PROGRAMS.redis, "isPresent").mockReturnValue(true);
    expect(() => ensurePrograms(["redis"])).not.toThrow();
  });
});
