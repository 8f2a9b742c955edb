import { beforeEach, describe, expect, it, vi } from "vitest";
import type { MarkBulkInput } from "@/lib/attendance/schema";
import type { Context } from "@/lib/shared/context";
import { saveSheetAction } from "./actions";

const markBulk = vi.hoisted(() => vi.fn(async (_ctx: Context, _input: MarkBulkInput) => undefined));
const redirect = vi.hoisted(() => vi.fn((_to: string) => undefined));
vi.mock("@/lib/attendance/sheet/mark-bulk", () => ({ markBulk }));
vi.mock("next/headers", () => ({ headers: async () => new Headers() }));
vi.mock("next/navigation", () => ({ redirect }));
vi.mock("@/lib/identity/sessions/authenticate", () => ({
  authenticateRequest: async () => ({
    actor: { userId: "t", schoolId: "s", roles: ["TEACHER"], sessionId: "x" },
    via: "cookie",
  }),
}));

beforeEach(() => {
  vi.clearAllMocks();
});

describe("the sheet as a plain form", () => {
  it("saves the marks, and those who have none as present when asked to", async () => {
    await saveSheetAction(form(["student", "a"], ["mark.a", "LATE"], ["student", "b"], ["othersPresent", "on"]));
    const records = [
      { studentId: "a", status: "LATE" },
      { studentId: "b", status: "PRESENT" },
    ];
    const saved = { classSessionId: "c", expectedVersion: 1, finalize: true, records };
    expect(markBulk.mock.calls.map(([, input]) => input)).toEqual([saved]);
    expect(redirect).toHaveBeenCalledWith("/classes/c/plain?done=finished");
  });

  it.each([
    ["that names a student twice", form(["student", "a"], ["student", "a"], ["mark.a", "ABSENT"])],
    ["with a version that no sheet can have", form(["student", "a"], ["expectedVersion", "99999999999"])],
  ])("refuses one %s", async (_what, sent) => {
    await saveSheetAction(sent);
    expect(markBulk).not.toHaveBeenCalled();
    expect(redirect).toHaveBeenCalledWith("/classes/c/plain?failed=invalid_request");
  });
});

function form(...fields: [string, string][]): FormData {
  const all = new FormData();
  const given = new Set(fields.map(([name]) => name));
  for (const [name, value] of [
    ["classSessionId", "c"],
    ["expectedVersion", "1"],
    ["finish", "1"],
  ] as const)
    if (!given.has(name)) all.append(name, value);
  for (const [name, value] of fields) all.append(name, value);
  return all;
}
