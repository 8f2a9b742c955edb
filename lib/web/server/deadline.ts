import type http from "node:http";
import { log } from "@/lib/platform/runtime/log";
import { counter } from "@/lib/platform/runtime/metrics";
import { AppError } from "@/lib/shared/errors";
import type { Answer, WholeAnswer } from "../route/answer";
import { requestedLocale } from "@/messages/locale";
import { outagePage } from "../page/plain-page";
import { isApi, problemAnswer } from "./refusals";
import { say } from "@/lib/shared/say";

const RETRY_AFTER_SECONDS = 2;
/** An answer that was begun is looked at this often once its time is up. */
const STALL_MS = 2_000;
const READY_PATH = "/api/health/ready";

/** How long a request may take until its answer begins. */
export type Deadlines = { requestMs: number; readyMs: number };

/**
 * Ends a request that takes too long: 503 with `Retry-After` and words. What it was doing goes on or not: a transaction
 * that waits for the database is rolled back, or committed without anybody knowing; never both. A body that is still
 * coming is no business of this (the server's `requestTimeout` is), nor is an event stream once it has begun. An answer
 * that has begun and then stands still, though the reader would take more, is cut.
 */
export function keepDeadline(request: http.IncomingMessage, answer: Answer, id: string, deadlines: Deadlines): void {
  const deadlineMs = pathOf(request) === READY_PATH ? deadlines.readyMs : deadlines.requestMs;
  let written = -1;
  const look = (): number | null => {
    if (answer.writableEnded || answer.destroyed || answer.isEventStream()) return null;
    if (answer.headersSent) {
      const { socket } = request;
      if (socket.bytesWritten === written && !answer.writableNeedDrain) {
        give(request, id, deadlineMs, "answer cut: it stood still");
        socket.destroy();
        return null;
      }
      written = socket.bytesWritten;
      return STALL_MS;
    }
    if (!request.complete) return deadlineMs;
    give(request, id, deadlineMs, "request took too long");
    answer.replace(tooLate(request, id));
    return null;
  };
  const lookAgain = () => {
    const againMs = look();
    if (againMs !== null) timer = setTimeout(lookAgain, againMs);
  };
  let timer = setTimeout(lookAgain, deadlineMs);
  answer.once("close", () => clearTimeout(timer));
}

function pathOf(request: http.IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0] ?? "";
}

function give(request: http.IncomingMessage, requestId: string, deadlineMs: number, what: string): void {
  counter("campus_web_deadlines_total", "Requests that were ended because they took too long", ["part"]).inc({
    part: isApi(request) ? "api" : "page",
  });
  // No address: it can be a secret.
  log().error({ requestId, method: request.method, code: "unavailable", deadlineMs }, what);
}

function tooLate(request: http.IncomingMessage, requestId: string): WholeAnswer {
  const locale = requestedLocale(request.headers["accept-language"]);
  if (!isApi(request)) {
    const { html, headers } = outagePage(requestId, RETRY_AFTER_SECONDS, locale);
    return { status: 503, headers, body: html };
  }
  const isRead = request.method === "GET" || request.method === "HEAD";
  const detail = isRead ? say("detail.tooSlow") : say("detail.tooSlowMaybeDone");
  return problemAnswer(
    { error: new AppError("unavailable", { detail, retryAfterSeconds: RETRY_AFTER_SECONDS }) },
    { requestId, locale },
  );
}
