import { createHash } from "node:crypto";
import { answerOnce } from "@/lib/platform/idempotency/answer-once";
import { counter } from "@/lib/platform/runtime/metrics";
import { AppError } from "@/lib/shared/errors";
import { AnsweredBefore, type KeptAnswer, type KeyedCall } from "@/lib/shared/keyed-call";
import { idempotencyOf, type Operation } from "@/lib/shared/operation";
import { appErrorOf, problemDocument } from "./problem";
import { written } from "./written-answer";
import { say } from "@/lib/shared/say";

const HEADER = "idempotency-key";

/** True when the call has an `Idempotency-Key` and the operation one to keep its answer. */
export function hasKey(operation: Operation, headers: Headers): boolean {
  return idempotencyOf(operation) !== "none" && headers.has(HEADER);
}

/**
 * The key of a call that has one ({@link hasKey}), with all that belongs to it. Throws `invalid_request` for a key that is
 * none: the caller would believe to be safe. A refusal is kept in the language `locale`, and given again as it was.
 */
export function keyedCallOf(
  operation: Operation,
  call: {
    headers: Headers;
    params: Record<string, unknown> | undefined;
    bytes: Buffer;
    requestId: string;
    locale: string;
  },
): KeyedCall {
  const key = call.headers.get(HEADER) ?? "";
  if (!/^[!-~]{1,255}$/.test(key))
    throw new AppError("invalid_request", {
      detail: say("detail.keyForm"),
      errors: [{ path: "header.Idempotency-Key", code: "invalid_key", message: say("field.visibleAscii") }],
    });
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(call.params?.[name])),
  );
  return {
    route: `${operation.method} ${path}`,
    key,
    bodyHash: new Uint8Array(createHash("sha256").update(call.bytes).digest()),
    encode: (result) => (result instanceof AppError ? refused(result, call) : written(operation, result)),
  };
}

/**
 * Answers a call with a key: `work` runs once, and its answer is kept with its effect, by `answerOnce` or by the use-case
 * itself. Success and the use-case's own 404, 409 and 422 are given again, byte for byte.
 */
export async function answerKeyed(
  operation: Operation,
  { keyed, actorId }: { keyed: KeyedCall; actorId: string | undefined },
  work: () => Promise<KeptAnswer>,
): Promise<KeptAnswer> {
  const repeated = counter("campus_web_repeated_answers_total", "Answers given again to an Idempotency-Key", [
    "operation",
  ]);
  if (idempotencyOf(operation) === "core" || actorId === undefined) {
    try {
      return await work();
    } catch (thrown) {
      if (!(thrown instanceof AnsweredBefore)) throw thrown;
      repeated.inc({ operation: operation.id });
      return thrown.answer;
    }
  }
  const refusalOf = (thrown: unknown) => keyed.encode(appErrorOf(thrown));
  const { answer, isRepeated } = await answerOnce({ userId: actorId, ...keyed }, work, refusalOf);
  if (isRepeated) repeated.inc({ operation: operation.id });
  return answer;
}

function refused(error: AppError, { requestId, locale }: { requestId: string; locale: string }): KeptAnswer {
  return {
    status: error.status,
    headers: [
      ["content-type", "application/problem+json"],
      ...(error.retryAfterSeconds === undefined
        ? []
        : [["retry-after", String(error.retryAfterSeconds)] as [string, string]]),
    ],
    body: JSON.stringify(problemDocument(error, requestId, locale)),
  };
}
