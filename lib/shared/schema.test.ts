import { describe, expect, it } from "vitest";
import { decodeTimeCursor, encodeCursor } from "./schema";

describe("decodeTimeCursor", () => {
  it("reads what the lists make", () => {
    const at = new Date("2026-11-24T08:00:00.123Z");
    expect(decodeTimeCursor(encodeCursor([at.getTime(), "id-1"]))).toEqual({ at, id: "id-1" });
  });

  it.each([
    ["an instant before there was anything", encodeCursor([-1, "x"])],
    ["a year that PostgreSQL cannot read", encodeCursor([-8_640_000_000_000_000, "x"])],
    ["a year far ahead", encodeCursor([Date.UTC(3000, 0, 1) + 1, "x"])],
    ["a time as text", encodeCursor(["2026", "x"])],
    ["a number as id", encodeCursor([1, 2])],
    ["too much", encodeCursor([1, "x", "y"])],
    ["a NUL", encodeCursor([1, "\u0000"])],
    ["no JSON", "abc"],
    ["no list", Buffer.from("{}").toString("base64url")],
  ])("refuses %s", (_what, cursor) => {
    expect(decodeTimeCursor(cursor)).toBeNull();
  });
});
