import type { Instrumentation } from "next";
import { env } from "@/lib/platform/runtime/env";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import { singleton } from "@/lib/platform/runtime/singleton";
import { digestOf, isOutage, noteOutage } from "./outage";
import { harmlessRequestId } from "./request-id";

/**
 * One line for what a page threw: its request id, the route as it is in the code (an address can be a secret), the digest
 * that the error page shows, and of the error what may be logged. A database that is away is one line a request, and the
 * answer is told.
 */
export const logPageError: Instrumentation.onRequestError = (error, request, context) => {
  const given = request.headers["x-request-id"];
  const requestId = harmlessRequestId(typeof given === "string" ? given : null);
  const digest = digestOf(error);
  const code = isOutage(error) ? "unavailable" : undefined;
  if (code && !noteOutage()) return;
  log().error({ requestId, route: context.routePath, code, digest, err: errorForLog(error) }, "page failed");
};

/**
 * Takes the words out of errors that anything prints. Next.js writes what pages throw to the console as it is, with the
 * message, in which a driver puts values of rows, and with all that hangs on the error. In development it stays so. A
 * database that is away is not printed at all: its line in the log says it.
 */
export function quietConsole(): void {
  if (env().NODE_ENV === "development") return;
  singleton("quietConsole", () => {
    const { console } = globalThis;
    for (const method of ["error", "warn"] as const) {
      const print = console[method].bind(console);
      console[method] = (...parts: unknown[]) => {
        if (!parts.some(isOutage)) print(...parts.map(printable));
      };
    }
    return true;
  });
}

function printable(part: unknown): unknown {
  if (typeof part === "string") return part.replace(/(Failed to handle request for )\S+/, "$1[an address]");
  if (!(part instanceof Error)) return part;
  const { name, code, stack } = errorForLog(part);
  return [code ? `${name} ${code}` : name, stack].filter(Boolean).join("\n");
}
