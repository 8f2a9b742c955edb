import { expect, test } from "vitest";
import { categoriesFor } from "./audience";

test("each role is offered what is really sent to it, and several roles their union", () => {
  expect(categoriesFor(["GUARDIAN"])).toEqual(["absence", "attendanceCorrection", "classChange"]);
  expect(categoriesFor(["STUDENT"])).toEqual(["absence", "attendanceCorrection", "enrollment", "classChange"]);
  expect(categoriesFor(["TEACHER", "ADMIN"])).toEqual(["classChange"]);
  expect(categoriesFor(["TEACHER", "GUARDIAN"])).toEqual(["absence", "attendanceCorrection", "classChange"]);
  expect(categoriesFor(["ADMIN"])).toEqual([]);
  expect(categoriesFor([])).toEqual([]);
});
