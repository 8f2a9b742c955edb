import { describe, expect, it } from "vitest";
import { isTyped, queryOf } from "./filter-query";

const defaults = "availability=open";

describe("queryOf", () => {
  it("leaves out what is empty and what the page takes anyway", () => {
    const fields = [
      ["q", "  art "],
      ["day", ""],
      ["availability", "open"],
    ] as const;
    expect(queryOf(fields, defaults)).toBe("q=art");
    expect(queryOf([["q", "   "]], defaults)).toBe("");
  });

  it("takes the last of a repeated name: a ticked box after its hidden field", () => {
    const unticked = ["availability", "all"] as const;
    expect(queryOf([unticked], defaults)).toBe("availability=all");
    expect(queryOf([unticked, ["availability", "open"]], defaults)).toBe("");
  });

  it("gives one list one address, whatever the order of the fields", () => {
    const day = ["day", "FR"] as const;
    const subject = ["subject", "Arts"] as const;
    expect(queryOf([subject, day])).toBe(queryOf([day, subject]));
  });

  it("writes what somebody types so that it comes back as it was", () => {
    const query = queryOf([["q", "a&b=c %_ é"]]);
    expect(new URLSearchParams(query).get("q")).toBe("a&b=c %_ é");
  });
});

describe("isTyped", () => {
  it("waits for the end of typing, and for nothing else", () => {
    expect(["search", "time"].every((type) => isTyped({ type }))).toBe(true);
    expect(["select-one", "checkbox"].some((type) => isTyped({ type }))).toBe(false);
  });
});
