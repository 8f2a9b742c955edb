import { z } from "zod";
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiRequestBodyObject,
  ZodOpenApiResponsesObject,
} from "zod-openapi";
import { accessCookieName } from "@/lib/identity/sessions/session-cookies";
import { singleton } from "@/lib/platform/runtime/singleton";
import { ERROR_CODES, type ErrorCode } from "@/lib/shared/errors";
import { idempotencyOf, MAX_BODY_BYTES, type Operation } from "@/lib/shared/operation";
import packageJson from "@/package.json";

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details. `code` is from a closed table." });

const idempotencyKey = z
  .string()
  .regex(/^[!-~]{1,255}$/)
  .optional()
  .meta({
    description:
      "Of one call, for sending it again when its answer was lost: for 24 h the same key with the same body gives the first answer (success, 404, 409 and 422 of the operation). It belongs to the person and the path. A refresh gives the same pair for 60 s.",
  });

/** What the problem of a code says besides, so that a program can go on from there. */
const lock = z.string().describe("Why: for example CANCELLED, NOT_OPEN, EDIT_WINDOW_OVER, FINAL_MARK");
const studentIds = z.array(z.string()).describe("The students whom it is about");
const MEMBERS: Partial<Record<ErrorCode, z.ZodRawShape>> = {
  student_not_enrolled: { studentIds },
  version_conflict: { version: z.int().describe("The version that the class session has now") },
  attendance_locked: { lock, studentIds: studentIds.optional() },
  class_session_locked: { lock },
  class_session_overlap: { classSessionId: z.string() },
};

/** The problem of these codes: all of them have its members, and each may have some of its own. */
function problemOf(codes: readonly ErrorCode[]): z.ZodType {
  const own = codes.filter((code) => MEMBERS[code]);
  if (own.length === 0) return problem;
  const rest = codes.filter((code) => !MEMBERS[code]);
  const kinds = own.map((code) => problem.extend({ ...MEMBERS[code], code: z.literal(code) }));
  const [first, ...more] = rest.length > 0 ? [problem.extend({ code: z.enum(rest) }), ...kinds] : kinds;
  return first && more.length > 0 ? z.union([first, ...more]) : (first ?? problem);
}

const tags: { name: Operation["tag"]; description: string }[] = [
  { name: "auth", description: "Sign-in, tokens, who I am" },
  { name: "sections", description: "Sections on offer" },
  { name: "enrollment", description: "Enrolling and dropping" },
  { name: "attendance", description: "Class sessions and marks" },
  { name: "calendar", description: "Days off, and classes that are cancelled or moved" },
  { name: "roster", description: "The school's own data coming in" },
  { name: "notifications", description: "Inbox, web push, preferences" },
  { name: "operations", description: "For those who run the system" },
];

/**
 * The OpenAPI 3.1 document of all operations: made of the very schemas by which `route()` validates. Built once a
 * process.
 */
export function openApiDocument(operations: () => readonly Operation[]) {
  return { ...singleton("openApiDocument", () => build(operations())) };
}

function build(operations: readonly Operation[]) {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const each of operations) {
    const path = (paths[each.path] ??= {});
    path[each.method.toLowerCase()] = describe(each);
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "CampusOS",
      version: packageJson.version,
      description:
        "JSON in UTF-8. Times are ISO 8601 with offset, local dates YYYY-MM-DD. Errors are application/problem+json. Every answer has X-Request-Id.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags,
    paths,
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
        session: { type: "apiKey", in: "cookie", name: accessCookieName() },
        metricsToken: { type: "http", scheme: "bearer" },
      },
    },
  });
}

function describe(operation: Operation): ZodOpenApiOperationObject {
  const roles = Array.isArray(operation.access) ? ` Roles: ${operation.access.join(", ")}.` : "";
  const parameters = {
    ...(operation.params ? { path: operation.params } : {}),
    ...(operation.query ? { query: operation.query } : {}),
    ...(idempotencyOf(operation) === "none" ? {} : { header: z.object({ "Idempotency-Key": idempotencyKey }) }),
  };
  return {
    operationId: operation.id,
    summary: operation.summary,
    tags: [operation.tag],
    ...(roles ? { description: roles.trim() } : {}),
    security: securityOf(operation),
    ...(Object.keys(parameters).length > 0 ? { requestParams: parameters } : {}),
    ...(operation.body
      ? {
          requestBody: {
            required: true,
            description: `At most ${(operation.maxBodyBytes ?? MAX_BODY_BYTES) / 1024} KiB`,
            content: { "application/json": { schema: operation.body } },
          },
        }
      : {}),
    ...(operation.upload ? { requestBody: uploadBody(operation.upload) } : {}),
    responses: { ...answers(operation), ...problems(operation) },
  };
}

function uploadBody({ types, maxBytes }: NonNullable<Operation["upload"]>): ZodOpenApiRequestBodyObject {
  return {
    required: true,
    description: `The file itself, at most ${maxBytes / 1024} KiB`,
    content: Object.fromEntries(types.map((type) => [type, {}])),
  };
}

function securityOf(operation: Operation): Record<string, string[]>[] {
  if (operation.id === "metrics") return [{ metricsToken: [] }];
  return operation.access === "public" ? [] : [{ bearer: [] }, { session: [] }];
}

function answers(operation: Operation): ZodOpenApiResponsesObject {
  const type = operation.id === "metrics" ? "text/plain" : "application/json";
  const entries = Object.entries(operation.responses).map(([status, schema]) => [
    status,
    { description: schema ? "Done" : "Done, no body", ...(schema ? { content: { [type]: { schema } } } : {}) },
  ]);
  return Object.fromEntries(entries) as ZodOpenApiResponsesObject;
}

/** The use-case's own codes and those that `route()` brings, by status; a status that is an answer too is not repeated. */
function problems(operation: Operation): ZodOpenApiResponsesObject {
  const codes = new Set<ErrorCode>([...operation.errors, "internal", "unavailable"]);
  if (operation.query || operation.body) codes.add("invalid_request");
  if (operation.body) codes.add("payload_too_large");
  if (operation.params) codes.add("not_found");
  if (idempotencyOf(operation) !== "none")
    for (const code of ["invalid_request", "idempotency_in_progress", "idempotency_key_reused"] as const)
      codes.add(code);
  if (operation.access !== "public")
    for (const code of [
      "unauthenticated",
      "access_token_expired",
      "session_revoked",
      "second_factor_setup_required",
    ] as const)
      codes.add(code);
  if (operation.access !== "public" && (Array.isArray(operation.access) || operation.method !== "GET"))
    for (const code of ["forbidden", "cross_origin_refused"] as const) codes.add(code);
  const byStatus = new Map<string, ErrorCode[]>();
  for (const code of codes) {
    const status = String(ERROR_CODES[code].status);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const entries = [...byStatus]
    .filter(([status]) => !(Number(status) in operation.responses))
    .map(([status, list]) => [
      status,
      { description: list.join(", "), content: { "application/problem+json": { schema: problemOf(list) } } },
    ]);
  return Object.fromEntries(entries) as ZodOpenApiResponsesObject;
}
