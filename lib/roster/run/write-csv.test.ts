import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { csvOf, rosterCsvOf } from "./write-csv";

describe("CSV that people open", () => {
  it.each(["=1+1", "+420 123", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", '=HYPERLINK("http://x.example","a,b")'])(
    "keeps %j from being run as a formula",
    (value) => {
      expect(parse(csvOf([[value]]))).toEqual([[`'${value}`]]);
    },
  );

  it("leaves every other text and numbers as they are", () => {
    const rows = [["a=1", "x-y", "u1@north.example.edu", "", 'say "hi", twice', "two\nlines", -5, "'quoted"]];
    expect(parse(csvOf(rows))).toEqual([rows[0]?.map(String)]);
  });

  it("changes nothing in a roster that an import reads", () => {
    expect(rosterCsvOf([["-", "=x", 'a"b']])).toBe('-,=x,"a""b"\n');
  });
});
