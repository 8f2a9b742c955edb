import { AppError } from "@/lib/shared/errors";

/** The largest request is a sheet of 2,000 marks with notes of 500 characters, which take up to six bytes each. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;
const MAX_DEPTH = 32;
/** Ten times what that sheet holds. Checking millions of tiny values against a schema would take seconds. */
const MAX_VALUES = 100_000;

/**
 * Reads a JSON body of at most 8 MiB, 32 levels and 100,000 values. Deeper values are refused because serialising them
 * later overflows the stack. Throws `invalid_request` or `payload_too_large`; an empty body is undefined.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > MAX_BODY_BYTES) throw tooLarge();
  const bytes = await readAll(request);
  if (bytes.byteLength === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError("invalid_request", {
      detail: "The body is not JSON in UTF-8.",
      errors: [{ path: "", code: "invalid_json", message: "Send one JSON value in UTF-8" }],
      cause,
    });
  }
  const excess = excessOf(value);
  if (excess === "too_deep")
    throw new AppError("invalid_request", {
      detail: `The body is nested deeper than ${MAX_DEPTH} levels.`,
      errors: [{ path: "", code: "too_deep", message: `Nest at most ${MAX_DEPTH} levels` }],
    });
  if (excess === "too_many")
    throw new AppError("invalid_request", {
      detail: `The body has more than ${MAX_VALUES} values.`,
      errors: [{ path: "", code: "too_many", message: `Send at most ${MAX_VALUES} values` }],
    });
  return value;
}

async function readAll(request: Request): Promise<Uint8Array> {
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.byteLength;
    if (size > MAX_BODY_BYTES) {
      await reader.cancel();
      throw tooLarge();
    }
    chunks.push(read.value);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): AppError {
  return new AppError("payload_too_large", { detail: "Send at most 8 MiB." });
}

function excessOf(root: unknown): "too_deep" | "too_many" | null {
  let level: unknown[] = [root];
  for (let depth = 0, values = 0; level.length > 0; depth++) {
    values += level.length;
    if (depth > MAX_DEPTH) return "too_deep";
    if (values > MAX_VALUES) return "too_many";
    level = level.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
  }
  return null;
}
