import { expect, it } from "vitest";
import { fill, fillPlural } from "./fill";

it("fills in what is there as it is, and leaves what is not", () => {
  expect(fill("{section} and {section} of {course}", { section: "Money $& more $1" })).toBe(
    "Money $& more $1 and Money $& more $1 of {course}",
  );
});

it("takes the form that a number has in the language", () => {
  const forms = { one: "{count} {what}", other: "{count} {what}s" };
  expect([1, 2].map((count) => fillPlural(forms, count, "en", { what: "seat" }))).toEqual(["1 seat", "2 seats"]);
});
