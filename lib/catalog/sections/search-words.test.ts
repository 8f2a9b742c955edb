import { describe, expect, it } from "vitest";
import { nearestWords, readSearch, respell } from "./search-words";

const vocabulary = [
  "physics",
  "physical",
  "chemistry",
  "history",
  "calculo",
  "lodz",
  "algebra",
  "mat201",
  "art",
  "novak",
];

describe("readSearch", () => {
  it("folds the words, and takes the beginning of a day's name for the day as well", () => {
    expect(readSearch("  Ca\u0301lculo  ŁÓDŹ ")).toEqual([
      { texts: ["calculo"], days: [] },
      { texts: ["lodz"], days: [] },
    ]);
    expect(readSearch("Monday thu s")).toEqual([
      { texts: ["monday"], days: [1] },
      { texts: ["thu"], days: [4] },
      { texts: ["s"], days: [] },
    ]);
    expect(readSearch("a b c d e f g h")).toHaveLength(6);
  });
});

describe("nearestWords", () => {
  it.each([
    ["phisics", ["physics"]],
    ["phyiscs", ["physics"]],
    ["physic", ["physics"]],
    ["fphysics", ["physics"]],
    ["algebre", ["algebra"]],
    ["chemestri", ["chemistry"]],
    ["chemm", ["chemistry"]],
    ["nowak", ["novak"]],
    ["lozd", ["lodz"]],
  ])("takes %s for %s", (typed, meant) => {
    expect(nearestWords(typed, vocabulary)).toEqual(meant);
  });

  it.each(["fisics", "victory", "odz", "mat202", "b205", "zzzz", "nothing", "codz", ""])(
    "finds nothing like %s",
    (typed) => {
      expect(nearestWords(typed, vocabulary)).toEqual([]);
    },
  );
});

describe("respell", () => {
  it("replaces the words that occur nowhere, and only those", () => {
    expect(respell(readSearch("phisics hist monday"), vocabulary)).toEqual({
      words: [
        { texts: ["physics"], days: [] },
        { texts: ["hist"], days: [] },
        { texts: ["monday"], days: [1] },
      ],
      changes: [{ typed: "phisics", meant: ["physics"] }],
    });
    expect(respell(readSearch("wendesday"), vocabulary)).toMatchObject({
      words: [{ texts: ["wednesday"], days: [3] }],
    });
  });

  it("does not guess when one of the words is like nothing, or when all of them occur", () => {
    expect(respell(readSearch("phisics zzzz"), vocabulary)).toBeNull();
    expect(respell(readSearch("physics history"), vocabulary)).toBeNull();
  });
});
