import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";

const MAX_DEPTH = 32;
/** Ten times what the largest sheet of marks holds. Millions of tiny values take seconds to parse and to check. */
const MAX_VALUES = 100_000;

/**
 * The JSON value of a body of at most 32 levels and 100,000 values, all judged before it is parsed. Deeper values are
 * refused because serialising them later overflows the stack. Throws `invalid_request`; an empty body is undefined.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.byteLength === 0) return undefined;
  const excess = excessOf(bytes);
  if (excess === "too_deep")
    throw new AppError("invalid_request", {
      detail: say("detail.tooDeep", { most: MAX_DEPTH }),
      errors: [{ path: "", code: "too_deep", message: say("field.nestLess", { most: MAX_DEPTH }) }],
    });
  if (excess === "too_many")
    throw new AppError("invalid_request", {
      detail: say("detail.tooManyValues", { most: MAX_VALUES }),
      errors: [{ path: "", code: "too_many", message: say("field.fewerValues", { most: MAX_VALUES }) }],
    });
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError("invalid_request", {
      detail: say("detail.notJson"),
      errors: [{ path: "", code: "invalid_json", message: say("field.oneJson") }],
      cause,
    });
  }
}

/**
 * The bytes of a body, at most `maxBytes`: a longer one is refused when its length says so, else as soon as it is too
 * long, and never kept. Throws `payload_too_large`, and `invalid_request` when it ends too early: whoever goes away while
 * sending is no fault of ours.
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (reader) {
    const read = await reader.read().catch((cause: unknown) => {
      throw new AppError("invalid_request", { detail: say("detail.bodyEnded"), cause });
    });
    if (read.done) break;
    size += read.value.byteLength;
    if (size > maxBytes) {
      void reader.cancel().catch(() => undefined); // not awaited: of a copy it ends only with the original
      throw tooLarge(maxBytes);
    }
    chunks.push(read.value);
  }
  return Buffer.concat(chunks);
}

/** The refusal of a body of more than `maxBytes`. */
export function tooLarge(maxBytes: number): AppError {
  return new AppError("payload_too_large", { detail: say("detail.tooLarge", { kib: maxBytes / 1024 }) });
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING = [0x5b, 0x7b];
const CLOSING = [0x5d, 0x7d];

/** Counts in the text itself, outside of strings: every value but the first follows an opening bracket or a comma. */
function excessOf(bytes: Uint8Array): "too_deep" | "too_many" | null {
  let isInString = false;
  for (let at = 0, depth = 0, values = 1; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (isInString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) isInString = true;
    else if (byte === COMMA || OPENING.includes(byte)) {
      values += 1;
      if (byte !== COMMA) depth += 1;
      if (depth > MAX_DEPTH) return "too_deep";
      if (values > MAX_VALUES) return "too_many";
    } else if (CLOSING.includes(byte)) depth -= 1;
  }
  return null;
}
