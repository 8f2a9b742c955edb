import { describe, expect, it } from "vitest";
import { weaknessOf } from "./meter";

describe("what is said of a password while it is typed", () => {
  it.each([
    ["dragon", "common"],
    ["dragon2026", "commonDigits"],
    ["P@ssw0rd!", "commonDigits"],
    ["dragonmonkey1", "commonWords"],
    ["lindqvist77", "own"],
    ["aaaaaaaaaaaa", "repeat"],
    ["abcdefghijkl", "row"],
    ["27.11.2026", "date"],
    ["poiuytgbnm", "keys"],
    ["zxkq7", "short"],
    ["kxvbwrtplm", "fair"],
    ["the fog lifts at noon", "strong"],
    ["x".repeat(20) + "the fog lifts at noon".repeat(90), "strong"],
  ])("%s: %s", (password, said) => {
    expect(weaknessOf(password, ["lindqvist"])).toBe(said);
  });
});
