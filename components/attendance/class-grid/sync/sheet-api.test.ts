import { afterEach, expect, test, vi } from "vitest";
import { sheetApi } from "./sheet-api";

afterEach(() => vi.unstubAllGlobals());

/** What a save becomes that the server answers with this problem. */
async function savedAgainst(status: number, problem: object) {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json(problem, { status })));
  return sheetApi("class-1", "teacher-1").save({ records: [], finalize: false, expectedVersion: 1 });
}

test.each([
  [409, { code: "attendance_locked", lock: "CANCELLED", detail: "For programs." }, "CANCELLED"],
  [409, { code: "attendance_locked", lock: "FINAL_MARK" }, "FINAL_MARK"],
  [409, { code: "attendance_locked", lock: "A_LOCK_OF_LATER" }, "other"],
  [404, { code: "class_session_not_found" }, "class_session_not_found"],
  [400, { code: "invalid_request", detail: "For programs." }, "other"],
])("a save that is refused for good says why in the page's words: %s %j", async (status, problem, why) => {
  expect(await savedAgainst(status, problem)).toEqual({ outcome: "locked", why });
});
