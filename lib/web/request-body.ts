import { AppError } from "@/lib/shared/errors";

const MAX_BODY_BYTES = 2 * 1024 * 1024;
const MAX_DEPTH = 32;

/**
 * Reads a JSON body of at most 2 MiB and 32 levels. Deeper values are refused because serialising them later overflows
 * the stack. Throws `invalid_request` or `payload_too_large`; an empty body is undefined.
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
  if (depthExceeds(value, MAX_DEPTH))
    throw new AppError("invalid_request", {
      detail: `The body is nested deeper than ${MAX_DEPTH} levels.`,
      errors: [{ path: "", code: "too_deep", message: `Nest at most ${MAX_DEPTH} levels` }],
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
  return new AppError("payload_too_large", { detail: "Send at most 2 MiB." });
}

function depthExceeds(root: unknown, limit: number): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
  }
  return false;
}
