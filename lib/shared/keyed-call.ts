import type { AppError } from "./errors";
import { hasBrand } from "./errors";

/** An answer as it was first given: status, the headers that belong to it, and the body's text. */
export type KeptAnswer = { status: number; headers: [string, string][]; body: string | null };

/** Which call this is: the same one comes again with the same three. */
export type CallKey = {
  /** Method and path, with the ids in it. */
  route: string;
  /** The `Idempotency-Key`: 1 to 255 visible ASCII characters. */
  key: string;
  /** SHA-256 of the body's bytes. */
  bodyHash: Uint8Array<ArrayBuffer>;
};

/** A call with an `Idempotency-Key`, for a use-case that keeps its answer itself. */
export type KeyedCall = CallKey & {
  /** The answer that this result or refusal becomes, byte for byte. */
  encode: (result: { status: number; body: unknown } | AppError) => KeptAnswer;
};

const BRAND = Symbol.for("campus.AnsweredBefore");

/** Thrown by such a use-case when the call was answered before: the edge gives that answer again. */
export class AnsweredBefore extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return hasBrand(value, BRAND);
  }

  readonly [BRAND] = true;

  constructor(readonly answer: KeptAnswer) {
    super("answered before");
    this.name = "AnsweredBefore";
  }
}

/** True for answers that are given again: success, and the use-case's own 404, 409 and 422. */
export function isKeptStatus(status: number): boolean {
  return (status >= 200 && status < 300) || status === 404 || status === 409 || status === 422;
}
