import { expect, test } from "vitest";
import { categoriesFor } from "./audience";

test("each role is offered what is really sent to it, and several roles their union", () => {
  expect(categoriesFor(["GUARDIAN"])).toEqual(["absence", "attendanceCorrection"]);
  expect(categoriesFor(["STUDENT"])).toEqual(["absence", "attendanceCorrection", "enrollment"]);
  expect(categoriesFor(["TEACHER", "ADMIN"])).toEqual([]);
  expect(categoriesFor(["TEACHER", "GUARDIAN"])).toEqual(["absence", "attendanceCorrection"]);
  expect(categoriesFor([])).toEqual([]);
});
