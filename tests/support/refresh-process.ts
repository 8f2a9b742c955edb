// A process of its own that spends refresh tokens as a web process does: a line of JSON in, a line with the outcome out.
// Started by tests that let two processes, with clocks of their own, spend one token at the same moment.
import readline from "node:readline";
import { cache } from "@/lib/platform/cache/cache";
import { counters } from "@/lib/platform/limits/counters";
import { db } from "@/lib/platform/db/client";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { rotateRefreshToken } from "@/lib/identity/sessions/rotate-refresh-token";

/** How far this process's clock is from the truth. */
const clockOffMs = Number(process.argv[2] ?? 0);

async function outcomeOf(token: string): Promise<string> {
  const ctx = { requestId: newId(), now: new Date(Date.now() + clockOffMs), source: "api" as const };
  try {
    await rotateRefreshToken(ctx, token);
    return "ok";
  } catch (error) {
    return error instanceof AppError ? error.code : `defect: ${String(error)}`;
  }
}

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", (token) => void outcomeOf(token).then((outcome) => process.stdout.write(`${outcome}\n`)));
lines.on("close", () => void Promise.all([cache().close(), counters().close(), db().$disconnect()]));
