import { expect, test } from "vitest";
import { findStudents } from "./find-student";
import { gridCommand } from "./grid-keys";
import { fill, fillPlural } from "@/components/patterns/data/fill";

const english = { PRESENT: "p", ABSENT: "a", LATE: "l", EXCUSED: "e", minutes: "m" };
const none = { code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const press = (key: string, held: Partial<typeof none> = {}, letters = english) =>
  gridCommand({ key, ...none, ...held }, letters);

test("letters and digits mark, in both cases of the letter", () => {
  expect(["p", "P", "a", "l", "e"].map((key) => press(key))).toEqual([
    { type: "mark", status: "PRESENT" },
    { type: "mark", status: "PRESENT" },
    { type: "mark", status: "ABSENT" },
    { type: "mark", status: "LATE" },
    { type: "mark", status: "EXCUSED" },
  ]);
  expect(["1", "2", "3", "4", "0", "Delete", "Backspace"].map((key) => press(key))).toEqual(
    ["PRESENT", "ABSENT", "LATE", "EXCUSED", null, null, null].map((status) => ({ type: "mark", status })),
  );
});

test("letters follow the language, digits do not", () => {
  const czech = { ...english, ABSENT: "n", LATE: "z", EXCUSED: "o" };
  expect(press("n", {}, czech)).toEqual({ type: "mark", status: "ABSENT" });
  expect(press("a", {}, czech)).toBeNull();
  expect(press("2", {}, czech)).toEqual({ type: "mark", status: "ABSENT" });
});

test("movement, find, details, undo and the main button", () => {
  expect(press("ArrowUp")).toEqual({ type: "move", by: -1, extend: false });
  expect(press("PageDown")).toEqual({ type: "move", by: 10, extend: false });
  expect(press("ArrowDown", { shiftKey: true })).toEqual({ type: "move", by: 1, extend: true });
  expect(press("Escape")).toEqual({ type: "endRange" });
  expect(press("Home", { ctrlKey: true })).toEqual({ type: "moveTo", place: "first" });
  expect(press("/")).toEqual({ type: "find" });
  expect(press("?", { shiftKey: true })).toEqual({ type: "help" });
  expect(press("F2")).toEqual({ type: "note" });
  expect(press("P", { shiftKey: true })).toEqual({ type: "fill" });
  expect(press("z", { metaKey: true })).toEqual({ type: "undo" });
  expect(press("Z", { ctrlKey: true, shiftKey: true })).toEqual({ type: "redo" });
  expect(press("Enter", { ctrlKey: true })).toEqual({ type: "primary" });
});

test("digits are found on keyboards that write them with Shift, with and without it", () => {
  const absent = { type: "mark", status: "ABSENT" };
  // Czech: ě, and 2 with Shift. French: é. An Arabic number pad writes its own digits.
  expect(press("2", { shiftKey: true, code: "Digit2" })).toEqual(absent);
  expect(press("ě", { code: "Digit2" })).toEqual(absent);
  expect(press("é", { code: "Digit2" })).toEqual(absent);
  expect(press("٢", { code: "Numpad2" })).toEqual(absent);
  expect(press("é", { code: "Digit0" })).toEqual({ type: "mark", status: null });
  // What the place says counts last: an arrow of the number pad, a sign with Shift, a slash above the 7 are themselves.
  expect(press("ArrowDown", { code: "Numpad2" })).toEqual({ type: "move", by: 1, extend: false });
  expect(press("End", { code: "Numpad1" })).toBeNull();
  expect(press("@", { shiftKey: true, code: "Digit2" })).toBeNull();
  expect(press("/", { shiftKey: true, code: "Digit7" })).toEqual({ type: "find" });
});

test("with single keys switched off no letter, digit or sign is a command, and everything else is", () => {
  const off = (key: string, held: Partial<typeof none> = {}) => gridCommand({ key, ...none, ...held }, english, false);
  for (const key of ["p", "a", "l", "e", "m", "1", "0", "/", "?"]) expect(off(key)).toBeNull();
  expect(off("P", { shiftKey: true })).toBeNull();
  expect(off("é", { code: "Digit2" })).toBeNull();
  expect(off("ArrowDown")).toEqual({ type: "move", by: 1, extend: false });
  expect(off("Delete")).toEqual({ type: "mark", status: null });
  expect(off("F2")).toEqual({ type: "note" });
  expect(off("Enter", { ctrlKey: true })).toEqual({ type: "primary" });
});

test("the browser keeps its own keys", () => {
  for (const held of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }])
    for (const key of ["p", "a", "l", "e", "1", "f"]) expect(press(key, held)).toBeNull();
  for (const key of ["Tab", "F5", "x", "A"]) expect(press(key, { shiftKey: true })).toBeNull();
});

const students = ["Anna Nováková", "Žofie Šťastná", "Adam Novák", "Nora Bílá", "Łukasz Żak", "Jan van der Berg"].map(
  (name, n) => ({ id: String(n), name }),
);
const found = (typed: string) => findStudents(students, typed).map(({ name }) => name);

test("finds everybody one of whose names begins so, accents and case aside, family names first", () => {
  expect(found("no")).toEqual(["Anna Nováková", "Adam Novák", "Nora Bílá"]);
  expect(found("nora")).toEqual(["Nora Bílá"]);
  expect(found("novak")).toEqual(["Adam Novák", "Anna Nováková"]);
  expect(found("STA")).toEqual(["Žofie Šťastná"]);
  expect(found("ad no")).toEqual(["Adam Novák"]);
  expect(found("luk")).toEqual(["Łukasz Żak"]);
  expect(found("zak")).toEqual(["Łukasz Żak"]);
  expect(found("ber")).toEqual(["Jan van der Berg"]);
  expect(found("van d")).toEqual(["Jan van der Berg"]);
  expect(found("ová")).toEqual([]);
  expect(found(" ")).toEqual([]);
});

test("a given name and a family name that begin alike both fit: none is taken unasked", () => {
  const two = ["Quentin Abel", "Bea Quist"].map((name, n) => ({ id: String(n), name }));
  expect(findStudents(two, "qu").map(({ name }) => name)).toEqual(["Bea Quist", "Quentin Abel"]);
  expect(findStudents(two, "que").map(({ name }) => name)).toEqual(["Quentin Abel"]);
});

test.each([
  ["oeu", "Anaïs Œuvrard"],
  ["oster", "Mads Østergård"],
  ["strass", "Jörg Straßner"],
  ["lodz", "Ewa Łódzka"],
  ["dordevic", "Ana Đorđević"],
  ["aero", "Jo Ærøsund"],
  ["thor", "Ída Þórsdóttir"],
  ["obrien", "Sinéad O’Brien"],
  ["o'br", "Sinéad O’Brien"],
  ["smithj", "Kay Smith-Jones"],
  ["jones", "Kay Smith-Jones"],
])("%s finds %s", (typed, name) => {
  expect(findStudents([{ id: "1", name }], typed)).toHaveLength(1);
});

test("sentences are filled in, with the plural of the language", () => {
  expect(fill("{name}: {status}, {other}", { name: "A", status: "late" })).toBe("A: late, {other}");
  const forms = { one: "Mark 1 other", other: "Mark {count} others" };
  expect(fillPlural(forms, 1, "en")).toBe("Mark 1 other");
  expect(fillPlural(forms, 27, "en")).toBe("Mark 27 others");
  const czech = { one: "{count} žák", few: "{count} žáci", other: "{count} žáků" };
  expect([1, 3, 5].map((count) => fillPlural(czech, count, "cs"))).toEqual(["1 žák", "3 žáci", "5 žáků"]);
});
