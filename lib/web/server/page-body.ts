import type { NextRequest } from "next/server";
import { authenticateRequest } from "@/lib/identity/sessions/authenticate";
import { AppError } from "@/lib/shared/errors";
import { readBytes, tooLarge } from "../route/request-body";
import { say, type Sentence } from "@/lib/shared/say";

const KIB = 1024;
/** What a form of ours can be at most, in bytes. */
const MAX_FORM_BYTES = 64 * KIB;
/** For signed-in people on these pages: the plain form of a large class, files of the office. As much as Next.js takes. */
const LARGE_FORMS = /^\/(?:classes|admin)\//;
const MAX_LARGE_FORM_BYTES = 1024 * KIB;

/**
 * Why the body that somebody sends to a page is refused, or null. Next.js decodes such bodies before any code of ours
 * runs and answers 500 to what it cannot decode. So only what our own pages send passes: a form of a bounded size,
 * and in it of what Next.js decodes (`Next-Action`, `$ACTION_…`) plain values and the form itself.
 */
export async function pageBodyRefusal(request: NextRequest): Promise<AppError | null> {
  if (request.method !== "POST") return null;
  const { headers } = request;
  const maxBytes = await mostBytesOf(request);
  if (Number(headers.get("content-length") ?? 0) > maxBytes) return tooLarge(maxBytes);
  const isMultipart = headers.get("content-type")?.toLowerCase().startsWith("multipart/form-data") ?? false;
  const isAction = headers.has("next-action");
  if (!isMultipart) return isAction ? await refusalOfTextCall(request, maxBytes) : null;
  const form = await formOf(request, maxBytes);
  if (form instanceof AppError) return form;
  return isAction ? refusalOfCall(form) : refusalOfPlainForm(form);
}

/** What this caller may send to this page. */
async function mostBytesOf(request: NextRequest): Promise<number> {
  if (!LARGE_FORMS.test(request.nextUrl.pathname)) return MAX_FORM_BYTES;
  return authenticateRequest(request.headers).then(
    () => MAX_LARGE_FORM_BYTES,
    () => MAX_FORM_BYTES,
  );
}

/** The form; read from a copy, because Next.js reads it once more. */
async function formOf(request: NextRequest, maxBytes: number): Promise<FormData | AppError> {
  try {
    const body = await readBytes(request.clone(), maxBytes);
    const type = request.headers.get("content-type") ?? "";
    return await new Response(body, { headers: { "content-type": type } }).formData();
  } catch (thrown) {
    return thrown instanceof AppError ? thrown : notOurs(say("detail.formBroken"));
  }
}

/** What a page's script sends to an action that takes nothing (signing out): an empty list, as text. */
async function refusalOfTextCall(request: NextRequest, maxBytes: number): Promise<AppError | null> {
  if (!request.headers.get("content-type")?.toLowerCase().startsWith("text/plain"))
    return notOurs(say("detail.actionTakesForm"));
  try {
    const args = parsed(new TextDecoder().decode(await readBytes(request.clone(), maxBytes)));
    return Array.isArray(args) && args.length === 0 ? null : notOurs(say("detail.actionTakesForm"));
  } catch (thrown) {
    return thrown instanceof AppError ? thrown : notOurs(say("detail.textBroken"));
  }
}

/** What a page's script sends: `[form]` or, with the state before, `[state, form]`. */
function refusalOfCall(form: FormData): AppError | null {
  const args = parsed(form.get("0"));
  const isCall =
    Array.isArray(args) &&
    args.length <= 2 &&
    /^\$K[0-9a-f]{1,4}$/.test(String(args.at(-1))) &&
    args.slice(0, -1).every((arg) => isPlain(arg));
  return isCall ? null : notOurs(say("detail.actionTakesForm"));
}

/** What a browser sends without script: which action, and the state before as its one bound argument. */
function refusalOfPlainForm(form: FormData): AppError | null {
  for (const [name, value] of form) {
    if (!name.startsWith("$ACTION_") || /^\$ACTION_(?:REF_|ID_|KEY$)/.test(name)) continue;
    const part = /:(0|1)$/.exec(name)?.[1];
    const given = parsed(value);
    const isOurs = part === "0" ? isReference(given) : part === "1" && Array.isArray(given) && isPlain(given);
    if (!isOurs) return notOurs(say("detail.noSuchAction"));
  }
  for (const [name] of form) {
    const prefix = /^\$ACTION_REF_(.*)$/s.exec(name)?.[1];
    const bound = prefix === undefined ? null : parsed(form.get(`$ACTION_${prefix}:0`));
    if (prefix === undefined) continue;
    const isWhole = isReference(bound) && (bound.bound === null || form.has(`$ACTION_${prefix}:1`));
    if (!isWhole) return notOurs(say("detail.noSuchAction"));
  }
  return null;
}

type Reference = { id: string; bound: "$@1" | null };

function isReference(value: unknown): value is Reference {
  return (
    typeof value === "object" &&
    value !== null &&
    "id" in value &&
    typeof value.id === "string" &&
    "bound" in value &&
    (value.bound === null || value.bound === "$@1")
  );
}

const MAX_DEPTH = 8;

/** Values as they are: nothing that refers to another part, a function, a stream or a promise. */
function isPlain(value: unknown, depth = 0): boolean {
  if (typeof value === "string") return !value.startsWith("$") || value.startsWith("$$") || value === "$undefined";
  if (typeof value !== "object" || value === null) return true;
  return depth < MAX_DEPTH && Object.values(value).every((each) => isPlain(each, depth + 1));
}

function parsed(value: FormDataEntryValue | null): unknown {
  if (typeof value !== "string") return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function notOurs(detail: Sentence): AppError {
  return new AppError("invalid_request", { detail });
}
