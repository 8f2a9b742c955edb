import { env } from "@/lib/platform/runtime/env";
import type { KeptAnswer } from "@/lib/shared/keyed-call";
import type { Operation } from "@/lib/shared/operation";
import { answerHeaders } from "../server/answer-headers";

/** What a use-case answered, as it goes over the wire. Checked against its schema outside production. */
export function written(
  operation: Operation,
  result: { status: number; body: unknown; headers?: Record<string, string> },
): KeptAnswer {
  const { status, body } = result;
  const headers = Object.entries(result.headers ?? {});
  const schema = operation.responses[status];
  if (schema === null || schema === undefined) return { status, headers, body: null };
  if (env().NODE_ENV !== "production") schema.parse(body); // a defect of ours: found in tests, never a 500 for people
  return { status, headers: [...headers, ["content-type", "application/json"]], body: JSON.stringify(body) };
}

/** An answer with the headers that every answer has. */
export function responseOf({ status, headers: own, body }: KeptAnswer, requestId: string): Response {
  const headers = answerHeaders(requestId);
  for (const [name, value] of own) headers.set(name, value);
  return new Response(body, { status, headers });
}
