// A process of its own that takes codes of a second factor: a line `<user id> <school id> <code>` in, a line with the outcome out.
// Started by the test that lets two processes take one code at the same moment.
import readline from "node:readline";
import { proveCode } from "@/lib/identity/factors/prove-code";
import { forgetTries } from "@/lib/identity/limits/tries";
import { cache } from "@/lib/platform/cache/cache";
import { db } from "@/lib/platform/db/client";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";

async function outcomeOf(line: string): Promise<string> {
  const [userId = "", schoolId = "", code = ""] = line.split(" ");
  const call = { requestId: newId(), now: new Date(), source: "api" as const };
  try {
    return (await proveCode(call, { userId, schoolId }, code)) ? "right" : "wrong";
  } catch (error) {
    return error instanceof AppError ? error.code : `defect: ${String(error)}`;
  } finally {
    // Each code is a test of its own: who lost the last ones is not kept from the next.
    await forgetTries("secondStep", userId);
  }
}

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", (line) => void outcomeOf(line).then((outcome) => process.stdout.write(`${outcome}\n`)));
// What counts tries would keep it alive.
lines.on("close", () => void Promise.all([cache().close(), db().$disconnect()]).then(() => process.exit()));
