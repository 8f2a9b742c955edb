// A process of its own that authenticates requests as a web process does: a line with a token in, a line with the code out.
// Started by tests that ask how soon another process learns of something.
import readline from "node:readline";
import { authenticateRequest } from "@/lib/identity/sessions/authenticate";
import { cache } from "@/lib/platform/cache/cache";
import { db } from "@/lib/platform/db/client";
import { AppError } from "@/lib/shared/errors";

async function codeOf(token: string): Promise<string> {
  try {
    await authenticateRequest(new Headers({ authorization: `Bearer ${token}` }));
    return "ok";
  } catch (error) {
    return error instanceof AppError ? error.code : `defect: ${String(error)}`;
  }
}

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", (token) => void codeOf(token).then((code) => process.stdout.write(`${code}\n`)));
lines.on("close", () => void Promise.all([cache().close(), db().$disconnect()]));
