// A process of its own that calls the enrollment use-cases as a web process does: lines of JSON in, lines of JSON out.
// Started by tests (`startEnrollProcess`) that need several Node processes on one database.
import readline from "node:readline";
import { dropEnrollment } from "@/lib/enrollment/registration/drop-enrollment";
import { enroll } from "@/lib/enrollment/registration/enroll";
import { counters } from "@/lib/platform/limits/counters";
import { db } from "@/lib/platform/db/client";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import type { ProcessAnswer, ProcessCall } from "./enroll-processes";

async function answer(call: ProcessCall): Promise<ProcessAnswer> {
  const actor = {
    userId: call.studentId,
    schoolId: call.schoolId,
    roles: ["STUDENT" as const],
    sessionId: "test-session",
  };
  const ctx = { actor, requestId: newId(), now: new Date(), source: "api" as const };
  try {
    if (call.act === "enroll") {
      const { id } = await enroll(ctx, { sectionId: call.id, joinWaitlist: false });
      return { call: call.call, result: "ok", id };
    }
    await dropEnrollment(ctx, { id: call.id });
    return { call: call.call, result: "ok" };
  } catch (error) {
    return { call: call.call, result: error instanceof AppError ? error.code : `defect: ${String(error)}` };
  }
}

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", (line) => {
  for (const call of JSON.parse(line) as ProcessCall[]) {
    void answer(call).then((result) => process.stdout.write(`${JSON.stringify(result)}\n`));
  }
});
lines.on("close", () => void Promise.all([counters().close(), db().$disconnect()]));
process.stdout.write(`${JSON.stringify({ call: -1, result: "ready" })}\n`);
