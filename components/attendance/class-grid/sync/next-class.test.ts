import { expect, test } from "vitest";
import { nextClass } from "./next-class";

const session = (id: string, state: "SCHEDULED" | "OPEN" | "FINALIZED" | "CANCELLED") => ({
  id,
  state,
  startsAt: "2026-11-24T10:05:00+01:00",
  section: { title: `Course ${id}` },
});

test("the class after this one is the first that still waits for its marks", () => {
  const day = [session("a", "OPEN"), session("b", "FINALIZED"), session("c", "CANCELLED"), session("d", "SCHEDULED")];
  expect(nextClass(day, "a")).toEqual({ href: "/classes/d", title: "Course d", time: "10:05" });
  expect(nextClass(day, "d")).toBeNull();
  expect(nextClass(day, "of another day")).toBeNull();
});
