import { expect, it } from "vitest";
import { classMarks } from "@/lib/attendance/class-changes/was-held";
import { generatedFiles } from "@/tests/load/school/generate-school";
import { importRoster } from "./import-roster";
import { memorySource } from "../sources/sources";

it("lets the server end an import that is frozen in its transaction, and would hold every event back", async () => {
  const limits: unknown[] = [];
  await importRoster(memorySource(generatedFiles({ school: "small" })), {
    now: new Date("2026-10-07T12:00:00Z"),
    requestId: "test",
    marks: classMarks,
    async afterwards(tx) {
      limits.push(...(await tx.$queryRaw<unknown[]>`SHOW idle_in_transaction_session_timeout`));
    },
  });
  expect(limits).toEqual([{ idle_in_transaction_session_timeout: "1min" }]);
});
