import { expect, it } from "vitest";
import { initials } from "./avatar";

it.each([
  ["Anna Nováková", "AN"],
  ["Jean-Luc de la Tour", "JT"],
  ["Ørsted", "Ø"],
  ["  čeněk   šváb ", "ČŠ"],
  ["𠮷田 太郎", "𠮷太"],
  ["", ""],
])("takes the initials of %j as %j", (name, expected) => {
  expect(initials(name)).toBe(expected);
});
